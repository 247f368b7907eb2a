import { nearestNames } from "../identity/nearest-names.ts";
import { executionBundleNames } from "./bundle-names.ts";
import type { Located, Problem } from "./problem.ts";
import type { Dimensions } from "./value.ts";
import type { Vocabulary, VocabularyDimension } from "./vocabulary.ts";

/** Values to check, with the places they were read from. */
export interface ValuesToCheck {
  readonly scalars: readonly Located<{ readonly dimensions: Dimensions }>[];
  readonly series: readonly Located<{ readonly dimensions: Dimensions }>[];
  /** File names for messages; default: the usual ones. */
  readonly files?: { readonly metric?: string; readonly series?: string };
}

/**
 * Everything about the dimensions of values that the vocabulary does not allow: an unknown dimension, a value outside
 * a closed list, a required dimension that is missing. Each kind of problem is reported once per file, at its first
 * place, with the number of places; `kind` has been lifted out before and is not looked at.
 */
export function checkVocabulary(vocabulary: Vocabulary, values: ValuesToCheck): readonly Problem[] {
  const allowed = new Map(vocabulary.dimensions.map((dimension) => [dimension.name, dimension]));
  return [
    ...checkFile(values.scalars, { allowed, file: values.files?.metric ?? executionBundleNames.metric }),
    ...checkFile(values.series, { allowed, file: values.files?.series ?? executionBundleNames.series }),
  ];
}

type Allowed = ReadonlyMap<string, VocabularyDimension>;

function checkFile(
  values: readonly Located<{ readonly dimensions: Dimensions }>[],
  { allowed, file }: { readonly allowed: Allowed; readonly file: string },
): readonly Problem[] {
  const found = new Map<string, { readonly problem: Problem; places: number }>();
  for (const { value, path } of values)
    for (const problem of dimensionProblems(value.dimensions, allowed)) {
      const earlier = found.get(problem.message);
      if (earlier === undefined)
        found.set(problem.message, { problem: { file, path, ...problem }, places: 1 });
      else earlier.places += 1;
    }
  return [...found.values()].map(({ problem, places }) =>
    places === 1 ? problem : { ...problem, message: `${problem.message} (${places} values)` },
  );
}

type Finding = Omit<Problem, "file" | "path">;

function dimensionProblems(dimensions: Dimensions, allowed: Allowed): readonly Finding[] {
  const given = Object.entries(dimensions).flatMap(([name, value]) => {
    const dimension = allowed.get(name);
    if (dimension === undefined)
      return [
        finding(`the dimension "${name}" is not in the vocabulary`, {
          value: name,
          known: [...allowed.keys()],
        }),
      ];
    const names = dimension.values.map((each) => each.name);
    if (dimension.allowExtraValues || names.includes(value)) return [];
    return [finding(`"${value}" is not a value of ${name} in the vocabulary`, { value, known: names })];
  });
  const missing = [...allowed.values()]
    .filter(({ name, required }) => required && name !== "kind" && !Object.hasOwn(dimensions, name))
    .map(({ name }) => ({ message: `the required dimension "${name}" is missing` }));
  return [...given, ...missing];
}

function finding(
  message: string,
  { value, known }: { readonly value: string; readonly known: readonly string[] },
): Finding {
  const [first] = nearestNames(value, known);
  return { message, value, ...(first === undefined ? {} : { nearest: first }) };
}
