import type { DeclarationPath } from "../../core/diagnostic/problem.ts";

/** A value without its wrong parts, and where what is left of it was before. */
export interface Pruned {
  readonly value: unknown;
  /** The path in the original of a path in `value`. */
  readonly originOf: (path: DeclarationPath) => DeclarationPath;
}

/** Positions that the items of a shortened list had. */
type Origins = WeakMap<object, readonly number[]>;

/**
 * Leaves out the parts at some paths, so that what is right about a value can be looked at although some of it is wrong. A
 * path to what is not there leaves out the part that lacks it.
 */
export function prune(value: unknown, wrong: readonly DeclarationPath[]): Pruned {
  const origins: Origins = new WeakMap();
  const doomed = new Set(wrong.map((path) => nameOf(existing(value, path))));
  const pruned = copy(value, [], { doomed, origins });
  return { value: pruned, originOf: (path) => originOf(pruned, path, origins) };
}

function nameOf(path: DeclarationPath): string {
  return path.map(String).join("\0");
}

/** The path itself if there is something, else that of the part that should hold it. */
function existing(value: unknown, path: DeclarationPath): DeclarationPath {
  let at = value;
  for (const [depth, segment] of path.entries()) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, segment)) return path.slice(0, depth);
    at = (at as Readonly<Record<string, unknown>>)[segment];
  }
  return path;
}

function copy(
  value: unknown,
  path: DeclarationPath,
  context: { readonly doomed: ReadonlySet<string>; readonly origins: Origins },
): unknown {
  if (typeof value !== "object" || value === null) return value;
  const stays = (segment: string | number): boolean => !context.doomed.has(nameOf([...path, segment]));
  if (!Array.isArray(value))
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => stays(name))
        .map(([name, member]) => [name, copy(member, [...path, name], context)]),
    );
  const kept = value.map((_, at) => at).filter(stays);
  const list = kept.map((at) => copy(value[at], [...path, at], context));
  context.origins.set(list, kept);
  return list;
}

function originOf(value: unknown, path: DeclarationPath, origins: Origins): DeclarationPath {
  let at = value;
  return path.map((segment) => {
    const before = typeof segment === "number" ? origins.get(at as object)?.[segment] : undefined;
    at = (at as Readonly<Record<string, unknown>> | undefined)?.[segment];
    return before ?? segment;
  });
}
