import { AlmanacError } from "../errors.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import type { CodeChange, RepositoryFacts } from "./file-code.ts";
import { ignoring } from "./ignore-pattern.ts";

/** Paths listed in the message; the error's facts hold all of them. */
const listed = 10;

/**
 * The changes that make code dirty: those outside of the ignore list, and those of the file itself whatever the list
 * says. A renamed path is ignored only if both its names are.
 * @param ignore patterns as in `.gitignore`, from the repository's root
 * @returns in code-unit order of the paths
 */
export function dirtyChanges(
  { changes, path }: Pick<RepositoryFacts, "changes" | "path">,
  ignore: readonly string[],
): readonly CodeChange[] {
  const ignores = ignoring(ignore);
  return changes
    .filter((change) => change.path === path || !ignores(change.path) || !ignores(change.from ?? change.path))
    .toSorted((a, b) => compareCodeUnits(a.path, b.path));
}

function line({ kind, path, from }: CodeChange): string {
  return `${kind.padEnd(9)} ${from === undefined ? "" : `${from} -> `}${path}`;
}

const waysOut =
  "commit the changes; or run with --allow-dirty (ALMANAC_ALLOW_DIRTY=true), which records the paths and a patch; " +
  "or name what is no code under runs.ignoreChanges in the configuration; --dry-run runs as it is and records nothing";

/** The error of code that differs from its commit: the paths and the ways out. */
export function dirtyCode(root: string, changes: readonly CodeChange[]): AlmanacError {
  const more = changes.length - listed;
  const lines = changes.slice(0, listed).map(line);
  const text = [
    `the code in ${root} is not as it was committed; ${changes.length} ${changes.length === 1 ? "path differs" : "paths differ"}:`,
    ...lines,
    ...(more > 0 ? [`and ${more} more (git status lists them)`] : []),
  ];
  return new AlmanacError("CODE_DIRTY", text.join("\n  "), { hint: waysOut, facts: { root, changes } });
}

/** The error of an interactive session, whose code is in no file. */
export function interactiveCode(): AlmanacError {
  return new AlmanacError("CODE_DIRTY", "the code is of an interactive session: no commit holds it", {
    hint: "put the code into a file and commit it; or allow dirty code (--allow-dirty, ALMANAC_ALLOW_DIRTY=true): the cells are then stored",
  });
}
