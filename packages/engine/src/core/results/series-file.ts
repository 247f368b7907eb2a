import type { Json } from "../json.ts";
import { executionBundleNames } from "./bundle-names.ts";
import { isJsonObject, type JsonObject, shortJson, withoutMembers } from "./json-object.ts";
import { jsonPath, type Located, type PathPart, type Problem, type Reading } from "./problem.ts";
import { isNonFinite, textDimensions } from "./result-fields.ts";
import type { Series } from "./value.ts";

/** Members that belong to a series itself but that many writers leave among its attributes. */
const lifted = [
  "index_name",
  "index_units",
  "calendar",
  "value_units",
  "value_long_name",
  "reference_id",
] as const;

/** `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, then optionally a time and a zone; years may have a sign and more digits. */
const isoDate = /^[+-]?\d{4,}(-\d{2}(-\d{2}([T ]\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/**
 * Checks a parsed `series.json`: a list of series. Index and values are equally long; values are finite numbers or
 * null; the index holds finite numbers or ISO date texts, not both, each once. Units and names found among the
 * attributes are lifted to the series unless it has its own; `kind` among the dimensions is lifted too. All problems
 * are reported at once.
 */
export function readSeriesFile(
  document: unknown,
  file: string = executionBundleNames.series,
): Reading<readonly Located<Series>[]> {
  const problems: Problem[] = [];
  if (!Array.isArray(document)) {
    problems.push({ file, path: "$", message: "a series file is a list of series" });
    return { problems, warnings: [] };
  }
  const value = document.map((each: unknown, index) => {
    const note: Note = (path, message) => {
      problems.push({ file, path: jsonPath([index, ...path]), message });
    };
    return {
      value: isJsonObject(each) ? readSeries(each, note) : notAnObject(note),
      path: jsonPath([index]),
    };
  });
  return problems.length > 0 ? { problems, warnings: [] } : { value, problems, warnings: [] };
}

/** The series as a document that other readers accept; members without a value are left out. */
export function seriesDocument(series: readonly Series[]): readonly JsonObject[] {
  return series.map((each) => {
    const members: Record<string, Json | undefined> = {
      dimensions: each.dimensions,
      values: each.values,
      index: each.index,
      index_name: each.indexName,
      attributes: each.attributes,
      kind: each.kind,
      value_units: each.valueUnits,
      value_long_name: each.valueLongName,
      index_units: each.indexUnits,
      calendar: each.calendar,
      reference_id: each.referenceId,
    };
    return Object.fromEntries(
      Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  });
}

type Note = (path: readonly PathPart[], message: string) => void;

const emptySeries: Series = {
  dimensions: {},
  kind: "model",
  values: [],
  index: [],
  indexName: "",
  attributes: {},
};

function notAnObject(note: Note): Series {
  note([], "a series is an object");
  return emptySeries;
}

function readSeries(fields: JsonObject, note: Note): Series {
  const { kind: dimensionKind, ...dimensions } = textDimensions(fields["dimensions"], (path, message) =>
    note(["dimensions", ...path], message),
  );
  const attributes = fields["attributes"] ?? {};
  if (!isJsonObject(attributes)) note(["attributes"], "attributes are an object");
  const beside = isJsonObject(attributes) ? attributes : {};
  const members = liftMembers(fields, beside);
  const values = readValues(fields["values"], note);
  const index = readIndex(fields["index"], note);
  if (values.length !== index.length)
    note(["index"], `there are ${values.length} values and ${index.length} index values`);
  return {
    dimensions,
    kind: readKind(fields["kind"] ?? dimensionKind ?? "model", note),
    values,
    index,
    indexName: members.own.index_name ?? "index",
    ...(members.own.index_units === undefined ? {} : { indexUnits: members.own.index_units }),
    ...(members.own.calendar === undefined ? {} : { calendar: members.own.calendar }),
    ...(members.own.value_units === undefined ? {} : { valueUnits: members.own.value_units }),
    ...(members.own.value_long_name === undefined ? {} : { valueLongName: members.own.value_long_name }),
    ...(members.own.reference_id === undefined ? {} : { referenceId: members.own.reference_id }),
    attributes: members.attributes,
  };
}

function liftMembers(
  fields: JsonObject,
  attributes: JsonObject,
): {
  readonly own: Partial<Record<(typeof lifted)[number], string>>;
  readonly attributes: JsonObject;
} {
  const own: Partial<Record<(typeof lifted)[number], string>> = {};
  const taken: string[] = [];
  for (const name of lifted) {
    const value = textOf(fields[name]);
    const among = textOf(attributes[name]);
    const chosen = value ?? among;
    if (chosen === undefined) continue;
    own[name] = chosen;
    if (among === chosen) taken.push(name);
  }
  return { own, attributes: withoutMembers(attributes, taken) };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function readKind(kind: Json, note: Note): Series["kind"] {
  if (kind === "model" || kind === "reference") return kind;
  note(["kind"], `kind is model or reference, not ${shortJson(kind)}`);
  return "model";
}

function readValues(values: Json | undefined, note: Note): readonly (number | null)[] {
  if (!Array.isArray(values)) {
    note(["values"], "values are missing or no list");
    return [];
  }
  for (const [index, value] of (values as readonly Json[]).entries())
    if (value !== null && (typeof value !== "number" || isNonFinite(value)))
      note(["values", index], `a finite number or null is expected, not ${shortJson(value)}`);
  return values as readonly (number | null)[];
}

function readIndex(index: Json | undefined, note: Note): readonly (number | string)[] {
  if (!Array.isArray(index)) {
    note(["index"], "the index is missing or no list");
    return [];
  }
  const entries = index as readonly Json[];
  const form = typeof entries[0] === "string" ? "string" : "number";
  const seen = new Set<Json>();
  for (const [position, value] of entries.entries()) {
    const problem = indexProblem(value, form);
    if (problem !== undefined) note(["index", position], problem);
    if (seen.has(value)) note(["index", position], `${shortJson(value)} is in the index twice`);
    seen.add(value);
  }
  return entries as readonly (number | string)[];
}

function indexProblem(value: Json, form: "string" | "number"): string | undefined {
  if (typeof value !== form) {
    const others = form === "string" ? "dates" : "numbers";
    return `${shortJson(value)} stands in an index of ${others}`;
  }
  if (typeof value === "string" && !isoDate.test(value)) return `${shortJson(value)} is no ISO date`;
  return isNonFinite(value) ? "the index holds a number that is not finite" : undefined;
}
