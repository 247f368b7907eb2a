import { AlmanacError } from "../errors.ts";
import { equalJson, isJsonObject, type JsonObject } from "./json-object.ts";
import { attributesName, type MetricBundle } from "./metric-bundle.ts";
import { attributesOf, perValueName } from "./metric-scalars.ts";

/** Most objects that filling up a sparse bundle may make. */
const mostBranches = 1_000_000;

/**
 * Completes inner levels with empty objects, so that each has every declared value.
 * @param levels declared values of each dimension, outermost first
 * @throws BUNDLE_INVALID when that would need more than a million objects
 */
export function fillLevels(node: JsonObject, levels: readonly (readonly string[])[]): JsonObject {
  const branches = levels.slice(0, -1).reduce((product, values) => product * values.length, 1);
  if (branches > mostBranches)
    throw new AlmanacError(
      "BUNDLE_INVALID",
      `the dimensions of the bundle allow ${branches} combinations, too many`,
      {
        hint: "write fewer dimensions or several executions",
      },
    );
  return fill(node, levels);
}

function fill(node: JsonObject, levels: readonly (readonly string[])[]): JsonObject {
  const [values, ...deeper] = levels;
  if (values === undefined || deeper.length === 0) return node;
  const entries = values.map((value) => {
    const child = Object.hasOwn(node, value) ? node[value] : {};
    return [value, fill(isJsonObject(child) ? child : {}, deeper)] as const;
  });
  const attributes = node[attributesName];
  return Object.fromEntries(attributes === undefined ? entries : [...entries, [attributesName, attributes]]);
}

/**
 * Puts dimensions with one value each outside all others, in the order given.
 * @throws BUNDLE_INVALID when the bundle has one of them already
 */
export function prependDimensions(
  bundle: MetricBundle,
  dimensions: Readonly<Record<string, string>>,
): MetricBundle {
  const entries = Object.entries(dimensions);
  for (const [name] of entries)
    if (bundle.structure.includes(name))
      throw new AlmanacError("BUNDLE_INVALID", `the bundle has the dimension "${name}" already`);
  return {
    ...bundle,
    structure: [...entries.map(([name]) => name), ...bundle.structure],
    dimensions: {
      ...Object.fromEntries(entries.map(([name, value]) => [name, { [value]: {} }])),
      ...bundle.dimensions,
    },
    results: entries.reduceRight<JsonObject>((results, [, value]) => ({ [value]: results }), bundle.results),
  };
}

/**
 * Takes a dimension out that has one value only. Attributes beside scalars stay with them; others of the level go.
 * @throws BUNDLE_INVALID when the bundle lacks it, it has several values, or it is the only one
 */
export function removeDimension(bundle: MetricBundle, name: string): MetricBundle {
  const level = bundle.structure.indexOf(name);
  const [value, ...more] = Object.keys(bundle.dimensions[name] ?? {});
  if (level < 0 || value === undefined || more.length > 0 || bundle.structure.length === 1)
    throw new AlmanacError("BUNDLE_INVALID", `"${name}" is not a dimension with one value beside others`, {
      facts: { structure: bundle.structure, values: Object.keys(bundle.dimensions[name] ?? {}) },
    });
  const last = level === bundle.structure.length - 1;
  const remove = last ? liftLeaves : withoutLevel;
  return {
    ...bundle,
    structure: bundle.structure.filter((each) => each !== name),
    dimensions: Object.fromEntries(Object.entries(bundle.dimensions).filter(([each]) => each !== name)),
    results: atLevel(bundle.results, {
      level: last ? level - 1 : level,
      change: (node) => remove(node, value),
    }),
  };
}

/** Changes every node of one level, the root being level 0. */
function atLevel(
  node: JsonObject,
  { level, change }: { readonly level: number; readonly change: (node: JsonObject) => JsonObject },
): JsonObject {
  if (level === 0) return change(node);
  const entries = Object.entries(node).map(([key, child]) =>
    key === attributesName || !isJsonObject(child)
      ? ([key, child] as const)
      : ([key, atLevel(child, { level: level - 1, change })] as const),
  );
  return Object.fromEntries(entries);
}

function withoutLevel(node: JsonObject, value: string): JsonObject {
  const child = node[value];
  return isJsonObject(child) ? child : {};
}

/** The node of the last but one level takes the only leaf of each child; their attributes differ per child. */
function liftLeaves(node: JsonObject, value: string): JsonObject {
  const children = Object.entries(node).flatMap(([key, child]) =>
    key !== attributesName && isJsonObject(child) && child[value] !== undefined
      ? [[key, child] as const]
      : [],
  );
  const attributes = children.flatMap(([key, child]) => {
    const beside = attributesOf(child[attributesName], value);
    return Object.keys(beside).length === 0 ? [] : [[key, beside] as const];
  });
  return Object.fromEntries([
    ...children.map(([key, child]) => [key, child[value] ?? null] as const),
    ...(attributes.length === 0
      ? []
      : [[attributesName, { [perValueName]: Object.fromEntries(attributes) }] as const]),
  ]);
}

/**
 * One bundle with everything of two that have the same dimensions in the same order.
 * @throws BUNDLE_INVALID when dimensions differ, or both have a number or attributes for one place that differ
 */
export function mergeBundles(one: MetricBundle, other: MetricBundle): MetricBundle {
  if (!equalJson([...one.structure], [...other.structure]))
    throw new AlmanacError(
      "BUNDLE_INVALID",
      "only bundles with the same dimensions in the same order can be merged",
      {
        facts: { one: one.structure, other: other.structure },
      },
    );
  const dimensions = Object.fromEntries(
    one.structure.map((name) => [name, { ...one.dimensions[name], ...other.dimensions[name] }]),
  );
  const levels = one.structure.map((name) => Object.keys(dimensions[name] ?? {}));
  return {
    structure: one.structure,
    dimensions,
    results: fillLevels(mergeNodes({ one: one.results, other: other.results }, []), levels),
    others: { ...one.others, ...other.others },
  };
}

function mergeNodes(
  { one, other }: { readonly one: JsonObject; readonly other: JsonObject },
  path: readonly string[],
): JsonObject {
  const merged = new Map(Object.entries(one));
  for (const [key, value] of Object.entries(other)) {
    const there = merged.get(key);
    if (there === undefined) merged.set(key, value);
    else if (isJsonObject(there) && isJsonObject(value))
      merged.set(key, mergeNodes({ one: there, other: value }, [...path, key]));
    else if (!equalJson(there, value))
      throw new AlmanacError(
        "BUNDLE_INVALID",
        `both bundles have a value for ${[...path, key].join(" / ")}`,
        {
          facts: { path: [...path, key] },
        },
      );
  }
  return Object.fromEntries(merged);
}

/**
 * A bundle with declared dimensions and no result yet.
 * @param dimensions name → values, outermost first
 */
export function templateBundle(dimensions: Readonly<Record<string, readonly string[]>>): MetricBundle {
  const structure = Object.keys(dimensions);
  return {
    structure,
    dimensions: Object.fromEntries(
      Object.entries(dimensions).map(([name, values]) => [
        name,
        Object.fromEntries(values.map((value) => [value, {}])),
      ]),
    ),
    results: fillLevels({}, Object.values(dimensions)),
    others: { PROVENANCE: null, DISCLAIMER: null, NOTES: null },
  };
}
