import type { Json } from "../json.ts";
import type { ExecutionDefinition, InputFile } from "./definition.ts";

/** What something is told by, and what is compared of it. */
export type Facts = ReadonlyMap<string, Json>;

/** Members of nested objects under dotted names; lists are compared as a whole. */
export function flatFacts(value: Json | undefined, prefix = ""): Facts {
  if (value === undefined) return new Map();
  if (value === null || typeof value !== "object" || Array.isArray(value)) return new Map([[prefix, value]]);
  const members = Object.entries(value);
  return new Map(
    members.flatMap(([name, member]) => [...flatFacts(member, prefix === "" ? name : `${prefix}.${name}`)]),
  );
}

/**
 * Input datasets and their files by content, input assets by digest. A file is told by its name, or by its path where
 * several of a dataset have one name: an archive that moved is no difference.
 */
export function inputFacts(definition: ExecutionDefinition): Facts {
  const facts = new Map<string, Json>();
  for (const { requirement, id, files } of definition.datasets) {
    const dataset = `${requirement}  ${id}`;
    facts.set(dataset, files.length);
    const names = Map.groupBy(files, nameOf);
    for (const file of files) {
      const name = names.get(nameOf(file))?.length === 1 ? nameOf(file) : file.path;
      facts.set(`${dataset}  ${name}`, file.contentId);
    }
  }
  if (definition.origin !== undefined)
    for (const { place, sha256 } of definition.assets) facts.set(`asset  ${place}`, sha256);
  return facts;
}

function nameOf({ path }: InputFile): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Versions of provider and diagnostic, or which workflow in which state; and what is called. */
export function codeFacts(definition: ExecutionDefinition): Facts {
  const { computation } = definition;
  const called =
    computation.kind === "function"
      ? { module: computation.module }
      : { command: computation.argv.join(" ") };
  if (definition.origin === undefined) {
    const { provider, diagnostic } = definition;
    return flatFacts({
      provider: { ...provider },
      diagnostic: { slug: diagnostic.slug, version: diagnostic.version },
      ...called,
    });
  }
  const { workflow, code } = definition;
  return flatFacts({
    workflow: { url: workflow.url, checksum: workflow.checksum },
    commit: code.commit ?? null,
    dirty: code.dirty,
    patch: code.patchDigest ?? null,
    ...called,
  });
}

/** The recorded environment, packages and lock files by their names. */
export function environmentFacts(environment: Json | undefined): Facts {
  if (environment === undefined || environment === null || typeof environment !== "object") return new Map();
  const { packages, lockFiles, ...others } = environment as Readonly<Record<string, Json>>;
  return new Map([
    ...flatFacts(others),
    ...named(packages, ({ ecosystem, name, version }) => [`package ${ecosystem}/${name}`, version]),
    ...named(lockFiles, ({ path, sha256 }) => [`lock file ${path}`, sha256]),
  ]);
}

function named(
  list: Json | undefined,
  entry: (member: Readonly<Record<string, Json>>) => readonly [string, Json | undefined],
): readonly (readonly [string, Json])[] {
  if (!Array.isArray(list)) return [];
  return list.map((member: Readonly<Record<string, Json>>) => {
    const [name, value] = entry(member);
    return [name, value ?? null];
  });
}
