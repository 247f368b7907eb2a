/** One function of the project that a step reaches. */
export interface ReachedFunction {
  readonly name: string;
  /** Relative to the folder of the nearest package.json, with `/`. */
  readonly file: string;
  /** Of its source without comments and layout. */
  readonly digest: string;
}

/** A package that the reached code imports. */
export interface ImportedPackage {
  readonly name: string;
  readonly version: string;
}

/** Something the code depends on that could not be followed. */
export interface Unfollowed {
  readonly name: string;
  readonly reason: string;
}

/** What a function's code is. */
export interface CodeFacts {
  /** Over everything below. */
  readonly digest: string;
  readonly functions: readonly ReachedFunction[];
  readonly packages: readonly ImportedPackage[];
  readonly unfollowed: readonly Unfollowed[];
  /** Files that say something else than the code that runs; among what could not be followed too. */
  readonly outdated?: readonly string[];
}

/**
 * What differs between two codes, for people: functions as `name (file)`, packages with both versions.
 * @param from undefined when the earlier code is not on record
 */
export function changedCode(from: CodeFacts | undefined, to: CodeFacts | undefined): readonly string[] {
  if (from === undefined || to === undefined) return [];
  const functions = differences(
    from.functions.map(({ name, file, digest }) => [`${name} (${file})`, digest]),
    to.functions.map(({ name, file, digest }) => [`${name} (${file})`, digest]),
  ).map(({ name, was, is }) =>
    was === undefined ? `${name} added` : is === undefined ? `${name} removed` : name,
  );
  const packages = differences(
    from.packages.map(({ name, version }) => [name, version]),
    to.packages.map(({ name, version }) => [name, version]),
  ).map(({ name, was, is }) => `${name} ${was ?? "new"} → ${is ?? "gone"}`);
  return [...functions, ...packages];
}

/** Names whose texts differ between two lists. @param was the earlier list */
export function differences(
  was: readonly (readonly [string, string])[],
  is: readonly (readonly [string, string])[],
): readonly { readonly name: string; readonly was: string | undefined; readonly is: string | undefined }[] {
  const before = new Map(was);
  const now = new Map(is);
  return [...new Set([...before.keys(), ...now.keys()])]
    .map((name) => ({ name, was: before.get(name), is: now.get(name) }))
    .filter((each) => each.was !== each.is);
}
