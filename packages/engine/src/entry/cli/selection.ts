import { AlmanacError } from "../../core/errors.ts";

/** One condition on a facet or dimension. */
interface Condition {
  readonly facet: string;
  readonly values: readonly string[];
  readonly negated: boolean;
}

/** `facet=a,b` (values of one facet OR, facets AND), `facet!=a`, globs with `*` and `?`. */
export interface Selection {
  /** The part that is plain equality, for filters that a store applies itself. */
  readonly exact: Readonly<Record<string, readonly string[]>>;
  /** Every facet or dimension named, in order. */
  readonly facets: readonly string[];
  /** True if everything is in `exact`. */
  readonly isExact: boolean;
  /** True if the named texts meet every condition. */
  readonly matches: (texts: Readonly<Record<string, string | undefined>>) => boolean;
}

/**
 * Reads selectors as they are written on the command line.
 * @throws USAGE when a word is not of the form facet=value
 */
export function parseSelection(words: readonly string[]): Selection {
  const conditions = words.map(parseCondition);
  const plain = conditions.filter(({ negated, values }) => !negated && !values.some(isGlob));
  const exact: Record<string, string[]> = {};
  for (const { facet, values } of plain) (exact[facet] ??= []).push(...values);
  const others = conditions.filter((each) => !plain.includes(each));
  return {
    exact,
    facets: conditions.map(({ facet }) => facet),
    isExact: others.length === 0,
    matches: (texts) =>
      others.every((each) => meets(texts[each.facet], each)) &&
      Object.entries(exact).every(([facet, values]) => values.includes(texts[facet] ?? "\0")),
  };
}

/**
 * Reads selectors where only plain equality can be asked for.
 * @throws USAGE for any other selector
 */
export function parseExactSelection(words: readonly string[]): Selection["exact"] {
  const other = words.find((word) => !parseSelection([word]).isExact);
  if (other === undefined) return parseSelection(words).exact;
  throw new AlmanacError("USAGE", `"${other}" cannot be asked for here`, {
    hint: "only facet=a,b, without != and globs",
  });
}

function parseCondition(word: string): Condition {
  const [, facet, not, values] = /^([^=!]+)(!?)=(.*)$/s.exec(word) ?? [];
  if (facet === undefined || values === undefined)
    throw new AlmanacError("USAGE", `"${word}" is not a selector`, {
      hint: "selectors look like source_id=ACCESS-ESM1-5,CanESM5 or experiment_id!=historical",
    });
  return { facet, negated: not === "!", values: values === "" ? [] : values.split(",") };
}

function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

function meets(text: string | undefined, { values, negated }: Condition): boolean {
  const found =
    text !== undefined &&
    values.some((value) => (isGlob(value) ? globPattern(value).test(text) : value === text));
  return negated ? !found : found;
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}
