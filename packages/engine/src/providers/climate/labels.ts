import type { Dimensions, LocalDataset } from "../../entry/library/define.ts";
import type { AreaSeries } from "./area-series.ts";
import type { Level } from "./pressure-levels.ts";

/** Dimensions that say of which run a value is. */
export function runDimensions(
  { facets }: LocalDataset,
  names: readonly string[] = [
    "source_id",
    "experiment_id",
    "member_id",
    "table_id",
    "variable_id",
    "grid_label",
  ],
): Dimensions {
  const present = names.flatMap((name) => {
    const value = facets[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(present);
}

/** Dimensions of a value of one variable, level included. */
export function seriesDimensions(
  series: AreaSeries,
  {
    level,
    metric,
    statistic,
  }: { readonly level: Level; readonly metric: string; readonly statistic: string },
): Dimensions {
  return {
    ...runDimensions(series.dataset),
    ...(level.pressure === undefined ? {} : { level: String(level.pressure) }),
    region: series.region,
    season: "ann",
    metric,
    statistic,
  };
}

/** Where a mean is taken, for captions: `global` or `regional`. */
export function areaWord({ region }: Pick<AreaSeries, "region">): string {
  return region === "global" ? "global" : "regional";
}

/** Subtitle of a figure: the run and how it was weighted. */
export function runSubtitle(dataset: LocalDataset, weights: string): string {
  const { source_id, experiment_id, member_id, grid_label } = dataset.facets as Record<string, string>;
  return `${source_id}, ${experiment_id}, ${member_id}, grid ${grid_label}; weights: ${weights}`;
}

/** A name such as ` at 850 hPa`, empty without levels. */
export function levelText({ pressure }: Level): string {
  return pressure === undefined ? "" : ` at ${pressure} hPa`;
}
