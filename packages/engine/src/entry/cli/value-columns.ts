import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { ListedValue } from "../../ports/value-catalog.ts";
import type { Column } from "./output.ts";

/** A value in the form that checks read. */
export function valueItem({ rid, execution, provider, diagnostic, value }: ListedValue) {
  const { dimensions, attributes } = value;
  if ("value" in value)
    return {
      rid,
      execution,
      provider,
      diagnostic,
      kind: value.kind,
      dimensions,
      value: value.value,
      units: value.units ?? null,
      attributes,
    };
  const { values, index, indexName, indexUnits, calendar, valueUnits } = value;
  return {
    rid,
    execution,
    provider,
    diagnostic,
    kind: value.kind,
    dimensions,
    value: values,
    units: valueUnits ?? null,
    attributes,
    index,
    indexName,
    indexUnits: indexUnits ?? null,
    calendar: calendar ?? null,
  };
}

/** A value as it is listed. */
export type ValueItem = ReturnType<typeof valueItem>;

/** Columns for people: dimensions in one cell, a series by its length. */
export const valueColumns: readonly Column<ValueItem>[] = [
  { heading: "rid", text: ({ rid }: ValueItem) => rid },
  { heading: "diagnostic", text: ({ provider, diagnostic }: ValueItem) => `${provider}/${diagnostic}` },
  {
    heading: "dimensions",
    text: ({ dimensions }: ValueItem) =>
      Object.entries(dimensions)
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
  },
  {
    heading: "value",
    text: ({ value }: ValueItem) => (Array.isArray(value) ? `${value.length} values` : String(value)),
  },
  { heading: "units", text: ({ units }: ValueItem) => units ?? "" },
];

/**
 * Columns for programs: one for each dimension that a value has, in order of their names; the numbers of a series and its
 * index as JSON lists. A dimension that a value lacks is an empty cell.
 */
export function fullValueColumns(items: readonly ValueItem[]): readonly Column<ValueItem>[] {
  const names = [...new Set(items.flatMap(({ dimensions }) => Object.keys(dimensions)))].sort(
    compareCodeUnits,
  );
  const plain = (name: "rid" | "execution" | "provider" | "diagnostic" | "kind"): Column<ValueItem> => ({
    heading: name,
    text: (item) => item[name],
  });
  const index: readonly Column<ValueItem>[] = [
    { heading: "index_name", text: (item) => ("index" in item ? (item.indexName ?? "") : "") },
    { heading: "index_units", text: (item) => ("index" in item ? (item.indexUnits ?? "") : "") },
    { heading: "calendar", text: (item) => ("index" in item ? (item.calendar ?? "") : "") },
    { heading: "index", text: (item) => ("index" in item ? JSON.stringify(item.index) : "") },
  ];
  return [
    plain("rid"),
    plain("execution"),
    plain("provider"),
    plain("diagnostic"),
    plain("kind"),
    ...names.map((name) => ({ heading: name, text: (item: ValueItem) => item.dimensions[name] ?? "" })),
    ...(items.some((item) => "index" in item) ? index : []),
    { heading: "value", text: ({ value }) => (Array.isArray(value) ? JSON.stringify(value) : String(value)) },
    { heading: "units", text: ({ units }) => units ?? "" },
    { heading: "attributes", text: ({ attributes }) => JSON.stringify(attributes) },
  ];
}
