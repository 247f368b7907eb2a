import type { FeatureDefinition, FeatureValue } from "../core/records/feature.ts";

/** Rows that are written at a time. */
const portion = 1000;

/** The columns that every feature has beside its own. */
const frame = ["target", "execution", "workflow", "at"] as const;

/**
 * Values of a feature as CSV, in portions of text, the first one with the heading. Null is an empty cell, an empty text is
 * quoted, JSON is written as such.
 */
export async function* featureTable(
  feature: FeatureDefinition,
  values: AsyncIterable<FeatureValue>,
): AsyncGenerator<string> {
  const { stringify } = await import("csv-stringify/sync");
  const names = feature.columns.map(({ name }) => name);
  const write = (rows: readonly (readonly (string | null)[])[]): string =>
    stringify([...rows], { quoted_match: /^$/ });
  let rows: (string | null)[][] = [[...frame, ...names]];
  for await (const value of values) {
    const { target, execution, workflow = null, at } = value;
    rows.push([target, execution, workflow, at, ...names.map((name) => cellOf(value.values[name]))]);
    if (rows.length < portion) continue;
    yield write(rows);
    rows = [];
  }
  if (rows.length > 0) yield write(rows);
}

function cellOf(value: FeatureValue["values"][string] | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
