/** Colour per step from negative to positive. @source ColorBrewer 2.0, RdBu with 11 classes, reversed (safe for colour-blind readers) */
const diverging = [
  "#053061",
  "#2166ac",
  "#4393c3",
  "#92c5de",
  "#d1e5f0",
  "#fddbc7",
  "#f4a582",
  "#d6604d",
  "#b2182b",
  "#67001f",
] as const;

/** Steps of a map's colours, symmetric around zero. */
export interface ColourSteps {
  /** Edges of the steps, one more than colours. */
  readonly edges: readonly number[];
  readonly colours: readonly string[];
}

/**
 * Ten steps around zero with round edges that hold the given share of the values; what lies beyond takes the outer colours.
 * @param values NaN is left out
 * @param share of the values that lie within the edges
 */
export function divergingSteps(values: Float64Array, share = 0.99): ColourSteps {
  const sizes = values
    .filter((value) => Number.isFinite(value))
    .map(Math.abs)
    .sort();
  const largest = sizes[Math.max(0, Math.ceil(sizes.length * share) - 1)] ?? 1;
  const step = roundStep(largest / 5);
  const edges = Array.from({ length: 11 }, (_, at) => Number(((at - 5) * step).toPrecision(12)));
  return { edges, colours: diverging };
}

/** The smallest of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten that is not below. */
function roundStep(least: number): number {
  if (!(least > 0)) return 0.2;
  const power = 10 ** Math.floor(Math.log10(least));
  const digit =
    [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= least * 0.999999) ?? 10;
  return digit * power;
}

/** Colour of a value, or undefined for NaN. */
export function colourOf(value: number, { edges, colours }: ColourSteps): string | undefined {
  if (Number.isNaN(value)) return undefined;
  const above = edges.findIndex((edge) => value < edge);
  const step = above === -1 ? colours.length - 1 : Math.max(0, Math.min(above - 1, colours.length - 1));
  return colours[step];
}
