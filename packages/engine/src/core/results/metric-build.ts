import { AlmanacError } from "../errors.ts";
import type { Json } from "../json.ts";
import { equalJson, type JsonObject, shortJson } from "./json-object.ts";
import { attributesName, type MetricBundle } from "./metric-bundle.ts";
import { fillLevels } from "./metric-combine.ts";
import { perValueName } from "./metric-scalars.ts";
import type { Scalar } from "./value.ts";

/** A branch of the tree while it is built. */
interface Branch {
  readonly children: Map<string, Branch | Scalar>;
}

/**
 * Builds a metric bundle from scalars that all have the same dimensions. The order of nesting is that of the first
 * scalar's dimensions; `kind` becomes the outermost when any scalar is a reference. Declared values are in order of
 * appearance. Combinations that no scalar has are empty objects, so that inner levels are complete. Units and attributes
 * that scalars beside each other share are written once, others under `perValue`.
 * @throws BUNDLE_INVALID when dimensions differ between scalars, two scalars have equal ones, a number is not finite, or
 * a dimension value is empty or `attributes`
 */
export function metricBundleOf(scalars: readonly Scalar[]): MetricBundle {
  const withKind = scalars.some(({ kind }) => kind === "reference");
  const structure = [...(withKind ? ["kind"] : []), ...Object.keys(scalars[0]?.dimensions ?? {})];
  const root: Branch = { children: new Map() };
  const declared = new Map(structure.map((name) => [name, new Set<string>()]));
  for (const scalar of scalars) {
    const values = valuesOf(scalar, structure);
    for (const [index, value] of values.entries()) declared.get(structure[index] ?? "")?.add(value);
    insert(root, { values, scalar });
  }
  const dimensions = Object.fromEntries(
    [...declared].map(([name, values]) => [
      name,
      Object.fromEntries([...values].map((value) => [value, {}])),
    ]),
  );
  const results = fillLevels(
    branchDocument(root),
    structure.map((name) => Object.keys(dimensions[name] ?? {})),
  );
  return { structure, dimensions, results, others: { PROVENANCE: null, DISCLAIMER: null, NOTES: null } };
}

function valuesOf(scalar: Scalar, structure: readonly string[]): readonly string[] {
  const dimensions: Readonly<Record<string, string>> = structure.includes("kind")
    ? { ...scalar.dimensions, kind: scalar.kind }
    : scalar.dimensions;
  const names = Object.keys(dimensions);
  if (names.length === 0) refuse("a scalar needs at least one dimension", scalar);
  if (names.length !== structure.length || !names.every((name) => structure.includes(name)))
    refuse(
      `scalars of one execution have the same dimensions; the first has ${structure.join(", ")}`,
      scalar,
    );
  if (scalar.value !== null && !Number.isFinite(scalar.value))
    refuse(`the value ${scalar.value} is not finite; null means missing`, scalar);
  if (Object.hasOwn(scalar.attributes, perValueName))
    refuse(`"${perValueName}" cannot be the name of an attribute`, scalar);
  return structure.map((name) => {
    const value = dimensions[name] ?? "";
    if (value === attributesName || value === "") refuse(`"${value}" cannot be a value of ${name}`, scalar);
    return value;
  });
}

function insert(
  root: Branch,
  { values, scalar }: { readonly values: readonly string[]; readonly scalar: Scalar },
): void {
  let branch = root;
  for (const value of values.slice(0, -1)) {
    const next = branch.children.get(value);
    if (next !== undefined && "children" in next) branch = next;
    else {
      const created: Branch = { children: new Map() };
      branch.children.set(value, created);
      branch = created;
    }
  }
  const last = values.at(-1) ?? "";
  if (branch.children.has(last)) refuse("two scalars have the same dimensions", scalar);
  branch.children.set(last, scalar);
}

function branchDocument(branch: Branch): JsonObject {
  const entries: [string, Json][] = [];
  const leaves: [string, Scalar][] = [];
  for (const [key, child] of branch.children) {
    if ("children" in child) entries.push([key, branchDocument(child)]);
    else {
      // JSON has no −0.
      entries.push([key, child.value === null ? null : child.value + 0]);
      leaves.push([key, child]);
    }
  }
  const attributes = attributesDocument(leaves);
  if (Object.keys(attributes).length > 0) entries.push([attributesName, attributes]);
  return Object.fromEntries(entries);
}

function attributesDocument(leaves: readonly (readonly [string, Scalar])[]): JsonObject {
  const all = leaves.map(([key, { units, attributes }]) => ({
    key,
    own: units === undefined ? attributes : { ...attributes, units },
  }));
  const first: JsonObject = all[0]?.own ?? {};
  const shared = Object.entries(first).filter(([name, value]) =>
    all.every(({ own }) => Object.hasOwn(own, name) && equalJson(own[name], value)),
  );
  const sharedNames = new Set(shared.map(([name]) => name));
  const differing = all
    .map(
      ({ key, own }) =>
        [key, Object.fromEntries(Object.entries(own).filter(([name]) => !sharedNames.has(name)))] as const,
    )
    .filter(([, own]) => Object.keys(own).length > 0);
  if (differing.length > 0) shared.push([perValueName, Object.fromEntries(differing)]);
  return Object.fromEntries(shared);
}

function refuse(message: string, scalar: Scalar): never {
  throw new AlmanacError("BUNDLE_INVALID", `${message}: ${shortJson(scalar.dimensions)}`, {
    facts: { dimensions: scalar.dimensions },
  });
}
