import type { Json } from "../json.ts";
import { isJsonObject, type JsonObject, withoutMembers } from "./json-object.ts";
import { attributesName, type MetricBundle } from "./metric-bundle.ts";
import { jsonPath, type Located } from "./problem.ts";
import type { Dimensions, Scalar, ValueKind } from "./value.ts";

/** Member of an `attributes` object that holds what differs between the scalars beside it: value → attributes. */
export const perValueName = "perValue";

/**
 * All scalars of a bundle in document order, each with its JSON path. `attributes` apply to the scalars directly beside
 * them. The dimension `kind` is lifted out. Units are taken from the attributes, else from what DIMENSIONS says of the
 * innermost value that has units (`inherit` says nothing).
 */
export function scalarsOf(bundle: MetricBundle): readonly Located<Scalar>[] {
  const scalars: Located<Scalar>[] = [];
  walk(bundle.results, { bundle, values: [], scalars });
  return scalars;
}

interface Walk {
  readonly bundle: MetricBundle;
  /** Values of the outer dimensions. */
  readonly values: readonly string[];
  readonly scalars: Located<Scalar>[];
}

function walk(node: JsonObject, { bundle, values, scalars }: Walk): void {
  for (const [key, child] of Object.entries(node)) {
    if (key === attributesName) continue;
    const inner = [...values, key];
    if (isJsonObject(child)) walk(child, { bundle, values: inner, scalars });
    else
      scalars.push({
        value: scalarAt(child as number | null, { bundle, values: inner, beside: node[attributesName] }),
        path: jsonPath(["RESULTS", ...inner]),
      });
  }
}

function scalarAt(
  value: number | null,
  at: {
    readonly bundle: MetricBundle;
    readonly values: readonly string[];
    readonly beside: Json | undefined;
  },
): Scalar {
  const { kind, ...dimensions } = dimensionsOf(at.bundle.structure, at.values);
  const attributes = attributesOf(at.beside, at.values.at(-1) ?? "");
  const own = attributes["units"];
  const units = typeof own === "string" ? own : declaredUnits(at.bundle, at.values);
  return {
    dimensions,
    kind: (kind === "reference" ? "reference" : "model") satisfies ValueKind,
    // −0 would not survive being written as JSON.
    value: value === null ? null : value + 0,
    ...(units === undefined ? {} : { units }),
    attributes: typeof own === "string" ? withoutMembers(attributes, ["units"]) : attributes,
  };
}

function dimensionsOf(structure: readonly string[], values: readonly string[]): Dimensions {
  return Object.fromEntries(structure.map((name, index) => [name, values[index] ?? ""]));
}

/** What an `attributes` object says of the scalar beside it under this key. */
export function attributesOf(beside: Json | undefined, key: string): JsonObject {
  if (!isJsonObject(beside)) return {};
  const perValue = beside[perValueName];
  if (!isJsonObject(perValue)) return beside;
  const own = Object.hasOwn(perValue, key) ? perValue[key] : undefined;
  return { ...withoutMembers(beside, [perValueName]), ...(isJsonObject(own) ? own : {}) };
}

function declaredUnits(bundle: MetricBundle, values: readonly string[]): string | undefined {
  for (let index = values.length - 1; index >= 0; index--) {
    const units = bundle.dimensions[bundle.structure[index] ?? ""]?.[values[index] ?? ""]?.["units"];
    if (typeof units === "string" && units !== "inherit") return units;
  }
  return undefined;
}
