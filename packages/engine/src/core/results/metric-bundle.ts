import { executionBundleNames } from "./bundle-names.ts";
import { isJsonObject, type JsonObject, shortJson, withoutMembers } from "./json-object.ts";
import { jsonPath, type PathPart, type Problem, type Reading } from "./problem.ts";

/** A CMEC metric bundle whose structure has been checked. */
export interface MetricBundle {
  /** Dimension names in the order of nesting. */
  readonly structure: readonly string[];
  /** Dimension → declared value → what is said of it. */
  readonly dimensions: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  /** Nested in the order of `structure` down to numbers or null; `attributes` objects at any level. */
  readonly results: JsonObject;
  /** PROVENANCE, DISCLAIMER, NOTES and whatever else stands at the top. */
  readonly others: JsonObject;
}

/** The member that holds remarks instead of a dimension's value. */
export const attributesName = "attributes";

/** Mutable notes of one reading. */
interface Notes {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/**
 * Checks a parsed `diagnostic.json`. json_structure names exactly the other keys of DIMENSIONS; keys of inner levels
 * equal the declared values; at the last level they are a subset, where undeclared ones are dropped with a warning;
 * leaves are finite numbers or null. No number is special, −999 neither. All problems are reported at once.
 * @source CMEC metric bundle, EMDS standards v1
 */
export function readMetricBundle(
  document: unknown,
  file: string = executionBundleNames.metric,
): Reading<MetricBundle> {
  const notes: Notes = { problems: [], warnings: [] };
  const note = noteTo(notes.problems, file);
  if (!isJsonObject(document)) {
    note([], "a metric bundle is a JSON object");
    return notes;
  }
  const { DIMENSIONS: declared, RESULTS: results } = document;
  if (!isJsonObject(declared)) note(["DIMENSIONS"], "DIMENSIONS is missing or no object");
  if (!isJsonObject(results)) note(["RESULTS"], "RESULTS is missing or no object");
  if (!isJsonObject(declared) || !isJsonObject(results)) return notes;
  const structure = readStructure(declared, note);
  const dimensions = readDimensions(declared, note);
  if (notes.problems.length > 0) return notes;
  const levels = structure.map((name) => dimensions[name] ?? {});
  const warn = noteTo(notes.warnings, file);
  const kept = readLevel(results, { levels, path: ["RESULTS"], note, warn });
  if (notes.problems.length > 0) return notes;
  const others = withoutMembers(document, ["DIMENSIONS", "RESULTS"]);
  return { value: { structure, dimensions, results: kept, others }, ...notes };
}

/** The bundle as a document that other CMEC readers accept. */
export function metricBundleDocument({ structure, dimensions, results, others }: MetricBundle): JsonObject {
  return {
    DIMENSIONS: { json_structure: structure, ...dimensions },
    RESULTS: results,
    ...others,
  };
}

type Note = (path: readonly PathPart[], message: string) => void;

function noteTo(problems: Problem[], file: string): Note {
  return (path, message) => {
    problems.push({ file, path: jsonPath(path), message });
  };
}

function readStructure(declared: JsonObject, note: Note): readonly string[] {
  const structure: unknown = declared["json_structure"];
  const place = ["DIMENSIONS", "json_structure"];
  if (!Array.isArray(structure) || !structure.every((name) => typeof name === "string")) {
    note(place, "json_structure is missing or no list of names");
    return [];
  }
  const names: readonly string[] = structure;
  const others = Object.keys(declared).filter((name) => name !== "json_structure");
  for (const name of names.filter((each, index) => names.indexOf(each) !== index))
    note(place, `json_structure names "${name}" twice`);
  for (const name of names) if (!others.includes(name)) note(place, `"${name}" has no declared values`);
  for (const name of others)
    if (!names.includes(name)) note(["DIMENSIONS", name], `"${name}" is not in json_structure`);
  return names;
}

function readDimensions(declared: JsonObject, note: Note): MetricBundle["dimensions"] {
  const dimensions: [string, Readonly<Record<string, JsonObject>>][] = [];
  for (const [name, values] of Object.entries(declared)) {
    if (name === "json_structure") continue;
    if (!isJsonObject(values)) {
      note(["DIMENSIONS", name], `the values of "${name}" are an object of value → remarks`);
      continue;
    }
    if (Object.hasOwn(values, attributesName))
      note(["DIMENSIONS", name, attributesName], `"${attributesName}" cannot be a value`);
    const entries = Object.entries(values).map(
      ([value, remarks]) => [value, isJsonObject(remarks) ? remarks : {}] as const,
    );
    dimensions.push([name, Object.fromEntries(entries)]);
  }
  return Object.fromEntries(dimensions);
}

interface LevelContext {
  readonly levels: readonly Readonly<Record<string, JsonObject>>[];
  readonly path: readonly PathPart[];
  readonly note: Note;
  readonly warn: Note;
}

function readLevel(node: JsonObject, context: LevelContext): JsonObject {
  const [allowed, ...deeper] = context.levels;
  const { path, note } = context;
  checkAttributes(node, context);
  if (allowed === undefined) {
    for (const key of Object.keys(node))
      if (key !== attributesName) note([...path, key], "a result without a dimension");
    return node;
  }
  if (deeper.length === 0) return readLeaves(node, { ...context, allowed });
  for (const value of Object.keys(allowed))
    if (!Object.hasOwn(node, value)) note(path, `the declared value "${value}" is missing`);
  const entries = Object.entries(node).map(([key, child]) => {
    const place = [...path, key];
    if (key === attributesName) return [key, child] as const;
    if (!Object.hasOwn(allowed, key)) note(place, `"${key}" is not a declared value`);
    else if (isJsonObject(child))
      return [key, readLevel(child, { ...context, levels: deeper, path: place })] as const;
    else note(place, `an object is expected, not ${shortJson(child)}`);
    return [key, child] as const;
  });
  return Object.fromEntries(entries);
}

function readLeaves(
  node: JsonObject,
  { allowed, path, note, warn }: LevelContext & { readonly allowed: Readonly<Record<string, JsonObject>> },
): JsonObject {
  const entries = Object.entries(node).filter(([key, value]) => {
    const place = [...path, key];
    if (key === attributesName) return true;
    if (!Object.hasOwn(allowed, key)) {
      warn(place, `"${key}" is not a declared value and was dropped`);
      return false;
    }
    // JSON.parse reads 1e999 as infinity.
    if (value !== null && (typeof value !== "number" || !Number.isFinite(value)))
      note(place, `a finite number or null is expected, not ${shortJson(value)}`);
    return true;
  });
  return Object.fromEntries(entries);
}

function checkAttributes(node: JsonObject, { path, note }: LevelContext): void {
  const attributes = node[attributesName];
  if (attributes === undefined || isJsonObject(attributes)) return;
  note([...path, attributesName], `attributes are an object, not ${shortJson(attributes)}`);
}
