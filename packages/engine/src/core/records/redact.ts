import { censored, secretName, secretShapes } from "./secret-shapes.ts";

/** `name=value` and `name: value` in running text, quotes around either. */
const secretAssignment = new RegExp(
  `([\\w.-]*(?:${secretName.source})[\\w.-]*["']?\\s*[=:]\\s*["']?)(?!\\[redacted\\])[^\\s"',;&]+`,
  "gi",
);

/** Shorter values of variables are too likely to stand in a text by chance. */
const shortestSecret = 6;

/** Takes secrets out of what is written to a log. */
export interface Redactor {
  /** A copy of any plain value: secret keys lose their value, texts what looks like a secret. */
  readonly value: (value: unknown) => unknown;
  /** Words of a command line: the word after an option with a secret name is one too. */
  readonly words: (words: readonly string[]) => readonly string[];
}

/**
 * Makes a redactor. Secrets are known by the name of their key, by their shape, and by being the value of a variable
 * with such a name.
 * @param environment whose secret values are taken out wherever they stand
 */
export function createRedactor(environment: Readonly<Record<string, string | undefined>>): Redactor {
  const known = Object.entries(environment).flatMap(([name, value]) =>
    secretName.test(name) && value !== undefined && value.length >= shortestSecret ? [value] : [],
  );
  const text = (given: string): string => {
    const withoutKnown = known.reduce((left, secret) => left.replaceAll(secret, censored), given);
    const withoutShapes = secretShapes.reduce(
      (left, [shape, stays]) => left.replace(shape, stays),
      withoutKnown,
    );
    return withoutShapes.replace(secretAssignment, `$1${censored}`);
  };
  const value = (given: unknown): unknown => {
    if (typeof given === "string") return text(given);
    if (typeof given === "bigint") return String(given);
    if (typeof given !== "object" || given === null) return given;
    if (Array.isArray(given)) return given.map(value);
    return Object.fromEntries(
      Object.entries(given).map(([name, member]) => [name, secretName.test(name) ? censored : value(member)]),
    );
  };
  const words = (given: readonly string[]): readonly string[] =>
    given.map((word, at) => {
      const before = given[at - 1] ?? "";
      return /^--[^=]+$/.test(before) && secretName.test(before) ? censored : text(word);
    });
  return { value, words };
}
