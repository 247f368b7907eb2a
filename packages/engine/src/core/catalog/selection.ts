import { AlmanacError } from "../errors.ts";

/** One condition on one facet (or dimension, where values are selected). */
export interface Condition {
  readonly facet: string;
  /** Only what is of this source type (or requirement) is held to it, as `type.facet=` says. */
  readonly sourceType?: string;
  /** Texts, or globs with `*` and `?`; one of them has to fit. None: nothing fits. */
  readonly values: readonly string[];
  /** True: none of them may fit; a missing facet meets such a condition, and no other. */
  readonly negated: boolean;
}

/** Conditions that all hold: what every list of selectors means, wherever it is given. */
export type Selection = readonly Condition[];

/**
 * Selectors as they are given: words `facet=a,b`, `facet!=a`, `type.facet=a`, with globs; or facet → values, the same
 * without `!=`.
 */
export type SelectionInput = readonly string[] | Readonly<Record<string, readonly string[]>>;

/**
 * Reads selectors: values of one facet are alternatives, also when they are given in several words; facets are all to
 * be met; `!=` excludes.
 * @throws USAGE when a word is not of the form facet=value
 */
export function parseSelection(input: SelectionInput): Selection {
  const conditions = isWords(input)
    ? input.map(parseWord)
    : Object.entries(input).map(([name, values]) => ({ ...parseName(name), values, negated: false }));
  const merged = new Map<string, Condition>();
  for (const condition of conditions) {
    const name = `${conditionName(condition)}${condition.negated ? "!" : ""}`;
    const values = [...(merged.get(name)?.values ?? []), ...condition.values];
    merged.set(name, { ...condition, values });
  }
  return [...merged.values()];
}

/** A condition's facet as it is written: `facet` or `type.facet`. */
export function conditionName({ facet, sourceType }: Pick<Condition, "facet" | "sourceType">): string {
  return sourceType === undefined ? facet : `${sourceType}.${facet}`;
}

/** A condition as it is written on the command line. */
export function conditionText(condition: Condition): string {
  return `${conditionName(condition)}${condition.negated ? "!" : ""}=${condition.values.join(",")}`;
}

/** True if a value of a condition is a glob. */
export function isGlob(value: string): boolean {
  return /[*?]/.test(value);
}

/** A condition as a test of a facet's text, undefined where it is missing. */
export function conditionTest({ values, negated }: Condition): (text: string | undefined) => boolean {
  const plain = new Set(values.filter((value) => !isGlob(value)));
  const globs = values.filter(isGlob).map(globPattern);
  return (text) => {
    const fits = text !== undefined && (plain.has(text) || globs.some((glob) => glob.test(text)));
    return fits !== negated;
  };
}

function isWords(input: SelectionInput): input is readonly string[] {
  return Array.isArray(input);
}

function parseWord(word: string): Condition {
  const [, name, not, values] = /^([^=!]+)(!?)=(.*)$/s.exec(word) ?? [];
  if (name === undefined || values === undefined)
    throw new AlmanacError("USAGE", `"${word}" is not a selector`, {
      hint: "selectors look like source_id=ACCESS-ESM1-5,CanESM5 or experiment_id!=hist* (in quotes)",
    });
  return { ...parseName(name), negated: not === "!", values: values === "" ? [] : values.split(",") };
}

function parseName(name: string): Pick<Condition, "facet" | "sourceType"> {
  const at = name.indexOf(".");
  return at < 0 ? { facet: name } : { sourceType: name.slice(0, at), facet: name.slice(at + 1) };
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su");
}
