import { fileURLToPath } from "node:url";
import type { CodeFacts } from "../../core/steps/code-facts.ts";
import type { CodeIdentity, CodeRequest } from "../../ports/code-identity.ts";
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
 */
export function createSourceCode(): CodeIdentity {
  const known = new Map<string, CodeFacts>();
  const modules = new Map<string, SourceModule>();
  const reachable = new Map<string, readonly SourceModule[]>();
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
      return requests.map((request) => {
        const text = request.function.toString();
        const key = [request.module, request.captures.join(","), text].join("\n");
        const facts = known.get(key) ?? identify(request, text, { read, reachable });
        known.set(key, facts);
        return facts;
      });
    },
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

/** Blanks may be those of any width; where one could join two statements, a semicolon stands. */
function isBlank(unit: number): boolean {
  return unit === 32 || unit === 59 || (unit > 127 && /\s/.test(String.fromCharCode(unit)));
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
