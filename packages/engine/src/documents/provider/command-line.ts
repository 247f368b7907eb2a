import { type DeclarationProblem, problem } from "../../core/diagnostic/problem.ts";
import type { SolverDefinition } from "../../core/execution/definition.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import type { Json } from "../../core/json.ts";

/** A word in braces, with a dot and a name for those that have one; `${…}` is the shell's. */
const placeholder = /(?<!\$)\{(folder|selectors|parameters)(?:\.([\w-]+))?\}/g;

/**
 * The command line of a data file: a list of texts in which `{folder}` stands for the file's folder, `{selectors.FACET}` for
 * the value that identifies the group, `{parameters.NAME}` for a parameter (a text as it is, else JSON). Everything else in
 * braces stays.
 */
export function commandLine(
  words: readonly string[],
  { folder }: { readonly folder: string },
): (definition: Pick<SolverDefinition, "selectors" | "parameters">) => readonly string[] {
  return ({ selectors, parameters }) => {
    const chosen = new Map(Object.values(selectors).toReversed().flat());
    const stand = (whole: string, what: string, name: string | undefined): string => {
      if (what === "folder") return folder;
      const value = what === "selectors" ? chosen.get(name ?? "") : parameters[name ?? ""];
      return value === undefined ? whole : textOf(value);
    };
    return words.map((word) => word.replace(placeholder, stand));
  };
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a command line may name. */
export interface Nameable {
  /** Facets that every group has. */
  readonly selectors: readonly string[];
  readonly parameters: readonly string[];
}

/** Placeholders that name what is not there; braces that are like none of ours are the program's. */
export function commandProblems(words: readonly string[], nameable: Nameable): readonly DeclarationProblem[] {
  return words.flatMap((word, at) =>
    [...word.matchAll(/(?<!\$)\{(\w+)\.([\w-]+)\}/g)].flatMap(([whole, what = "", name = ""]) => {
      const hint = misnamed(what, name, nameable);
      return hint === undefined ? [] : [problem(`${whole} stands for nothing; ${hint}`, [at])];
    }),
  );
}

// allow-parameters: a placeholder's two words and what they may be
function misnamed(what: string, name: string, nameable: Nameable): string | undefined {
  const kinds = Object.keys(nameable);
  if (what !== "selectors" && what !== "parameters") {
    const near = nearestNames(what, kinds);
    return near.length === 0 ? undefined : `did you mean ${near.join(" or ")}?`;
  }
  const known = nameable[what];
  if (known.includes(name)) return undefined;
  const near = nearestNames(name, known);
  if (near.length > 0) return `did you mean ${near.join(" or ")}?`;
  return known.length === 0 ? `there are no ${what}` : `${what} are ${known.join(", ")}`;
}
