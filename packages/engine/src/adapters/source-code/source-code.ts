import { fileURLToPath } from "node:url";
import { digestOf } from "../../core/identity/digest.ts";
import type { CodeFacts } from "../../core/steps/code-facts.ts";
import type { CodeIdentity, CodeRequest } from "../../ports/code-identity.ts";
import { isBlank, outdatedSources } from "./loaded-sources.ts";
import { followCode, type ModuleReader } from "./reach.ts";
import { markSharedChanges } from "./shared-changes.ts";
import {
  type FoundFunction,
  loadParser,
  type Parse,
  readSourceModule,
  type SourceModule,
} from "./source-module.ts";

/**
 * Code identity from the sources of the project. Files are read once; functions with one text in one module, and the same captured
 * names, are analysed once.
 * @param same sources that are known to be what this program runs; those that are found to be are added
 */
export function createSourceCode(same = new Map<string, string>()): CodeIdentity {
  const known = new Map<string, CodeFacts>();
  const modules = new Map<string, SourceModule>();
  const reachable = new Map<string, readonly SourceModule[]>();
  const outdated = new Set<SourceModule>();
  let asked = 0;
  let parser: Promise<Parse> | undefined;
  return {
    identify: async (requests) => {
      parser ??= loadParser();
      const parse = await parser;
      const read: ModuleReader = (path) => {
        const before = modules.get(path);
        if (before !== undefined) return before;
        const module = readSourceModule(path, parse);
        modules.set(path, module);
        return module;
      };
      const found = requests.map((request) => {
        const text = request.function.toString();
        const key = [request.module, request.captures.join(","), text].join("\n");
        const facts = known.get(key) ?? identify(request, text, { read, reachable });
        known.set(key, facts);
        return facts;
      });
      const fresh = [...modules.values()].slice(asked);
      asked += fresh.length;
      for (const module of await outdatedSources(fresh, same)) outdated.add(module);
      return outdated.size === 0 ? found : found.map((facts) => withOutdated(facts, outdated));
    },
  };
}

/** The facts of code of which no file may be believed: what runs is something else. */
function withOutdated(facts: CodeFacts, modules: ReadonlySet<SourceModule>): CodeFacts {
  const reason = "it was changed after this program had loaded it";
  const outdated = [...modules].map(({ place }) => place);
  return {
    ...facts,
    digest: digestOf(["outdated", facts.digest, outdated]),
    unfollowed: [...outdated.map((name) => ({ name, reason })), ...facts.unfollowed],
    outdated,
  };
}

interface Sources {
  readonly read: ModuleReader;
  /** A module and everything of the project that it imports, by its path. */
  readonly reachable: Map<string, readonly SourceModule[]>;
}

// allow-parameters: the request, the function's text, and where it is looked for
function identify({ module, captures }: CodeRequest, text: string, { read, reachable }: Sources): CodeFacts {
  if (/\{\s*\[native code\]\s*\}$/.test(text))
    return notFound("it is bound or built in: its source cannot be seen");
  if (module === undefined)
    return notFound("the module that declares it is not known; pass module: import.meta.url");
  const path = module.startsWith("file:") ? fileURLToPath(module) : module;
  const modules = reachable.get(path) ?? [...reachableModules(read(path), read)];
  if (!reachable.has(path)) markSharedChanges(modules, read);
  reachable.set(path, modules);
  // A function of another file may have the text of one of this file, and mean something else.
  const found = modules.flatMap((candidate) =>
    matching(candidate, text).map(({ node }) =>
      followCode({ module: candidate, node, captures: new Set(captures) }, read),
    ),
  );
  const [first] = found;
  if (first === undefined)
    return notFound(`its source is not found in ${path} nor in the files that it imports`);
  if (found.every(({ digest }) => digest === first.digest)) return first;
  return notFound(
    `${found.length} functions in ${path} and the files that it imports have its text and mean different things; give it a name`,
  );
}

function notFound(reason: string): CodeFacts {
  return { digest: "", functions: [], packages: [], unfollowed: [{ name: "the step's function", reason }] };
}

/** The functions of a module with a text. Types are blanks in the text of a running function. */
function matching({ functions, text: source }: SourceModule, text: string): readonly FoundFunction[] {
  return (functions.get(text.length) ?? []).filter(({ start }) => {
    // From the end: functions that look alike often begin alike.
    for (let at = text.length - 1; at >= 0; at--) {
      const unit = text.charCodeAt(at);
      if (unit !== source.charCodeAt(start + at) && !isBlank(unit)) return false;
    }
    return true;
  });
}

/** A module and the files that it imports, nearest first. */
function* reachableModules(first: SourceModule, read: ModuleReader): Generator<SourceModule> {
  const seen = new Set([first.path]);
  const open = [first];
  for (let module = open.shift(); module !== undefined; module = open.shift()) {
    yield module;
    for (const specifier of module.imports) {
      const target = module.resolve(specifier);
      if (target.kind !== "file" || seen.has(target.path) || !/\.[cm]?[jt]s$/.test(target.path)) continue;
      seen.add(target.path);
      open.push(read(target.path));
    }
  }
}
