import { censored, isSecretVariable, secretName, secretShapes } from "./secret-shapes.ts";

/** `name=value` and `name: value` in running text, quotes around either. */
const secretAssignment = new RegExp(
  `([\\w.-]*(?:${secretName.source})[\\w.-]*["']?\\s*[=:]\\s*["']?)(?!\\[redacted\\])[^\\s"',;&]+`,
  "gi",
);

/** Shorter values of variables are too likely to stand in a text by chance. */
const shortestSecret = 6;

/**
 * True if the value of a variable is to be taken out wherever it stands. A name that may be of a secret (`SORT_KEY`) counts
 * only with a value that looks made up.
 */
function isKnownSecret(name: string, value: string): boolean {
  if (value.length < shortestSecret) return false;
  return (
    secretName.test(name) || (isSecretVariable(name) && /^(?=.*\d)(?=.*[A-Za-z])[^/\s][^\s]{7,}$/.test(value))
  );
}

/** Takes secrets out of what is written to a log. */
export interface Redactor {
  /** A copy of any plain value: secret keys lose their value, texts what looks like a secret. */
  readonly value: (value: unknown) => unknown;
  /** Words of a command line: the word after an option with a secret name is one too. */
  readonly words: (words: readonly string[]) => readonly string[];
  /**
   * A file's text without values that are secrets by their shape or by standing in a secret variable. What only looks
   * like an assignment stays: `"jsonwebtoken": "9.0.2"` is a package.
   */
  readonly content: (text: string) => string;
}

/**
 * Makes a redactor. Secrets are known by the name of their key, by their shape, and by being the value of a variable
 * with such a name.
 * @param environment whose secret values are taken out wherever they stand
 */
export function createRedactor(environment: Readonly<Record<string, string | undefined>>): Redactor {
  const known = Object.entries(environment)
    .flatMap(([name, value]) => (value !== undefined && isKnownSecret(name, value) ? [value] : []))
    // A secret that holds another goes first, or its rest would stay.
    .toSorted((a, b) => b.length - a.length);
  const content = (given: string): string => {
    const withoutKnown = known.reduce((left, secret) => left.replaceAll(secret, censored), given);
    return secretShapes.reduce((left, [shape, stays]) => left.replace(shape, stays), withoutKnown);
  };
  const text = (given: string): string => content(given).replace(secretAssignment, `$1${censored}`);
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
  return { value, words, content };
}
