import type { DeclarationPath } from "../../core/diagnostic/problem.ts";

/**
 * The path in a file of a path in the provider made of it: a diagnostic's only set may stand under `requirements`, and a
 * single filter or source type without a list around it.
 */
export function filePath(path: DeclarationPath, entries: unknown): DeclarationPath {
  let at = entries;
  const found: (string | number)[] = [];
  for (let depth = 0; depth < path.length; depth++) {
    let segment = path[depth] as string | number;
    if (segment === "requirementSets" && memberOf(at, "requirements") !== undefined) {
      segment = "requirements";
      depth++;
    } else if (typeof segment === "number" && !Array.isArray(at)) continue;
    found.push(segment);
    at = memberOf(at, segment);
  }
  return found;
}

function memberOf(value: unknown, segment: string | number): unknown {
  return (value as Readonly<Record<string, unknown>> | undefined | null)?.[segment];
}
