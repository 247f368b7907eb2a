import { AlmanacError } from "../../core/errors.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import type { FrozenMember } from "../../core/records/authored-dataset.ts";
import { type FeatureDefinition, featureName } from "../../core/records/feature.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { DatasetAuthoring } from "../../ports/dataset-authoring.ts";
import type { FeatureCatalog } from "../../ports/feature-catalog.ts";
import type { TypedRecordCatalog } from "../../ports/typed-record-catalog.ts";
import { readFeatureValues } from "./read-features.ts";

/** Where what is told of members is read. */
export interface LabelPorts {
  readonly authored: Pick<DatasetAuthoring, "dataset">;
  readonly assets: Pick<AssetCatalog, "asset">;
  readonly typedRecords: Pick<TypedRecordCatalog, "record">;
  readonly features: FeatureCatalog;
}

/** Members that a message names. */
const namedMembers = 10;
const featurePrefix = "feature:";

/**
 * One text for every member, from what the catalog says of it.
 * @param column a metadata column of files, a column of records, or a facet of datasets, by its name; or
 * `feature:<target>/<name>.<column>`, of which each member's newest value is taken
 * @throws UNKNOWN_NAME when there is no such column, or members have nothing in it; they are named
 */
export async function memberLabels(
  { members, column }: { readonly members: readonly FrozenMember[]; readonly column: string },
  ports: LabelPorts,
): Promise<ReadonlyMap<Rid, string>> {
  const read = column.startsWith(featurePrefix)
    ? await featureLabels(column.slice(featurePrefix.length), ports.features)
    : await columnLabels({ members, column }, ports);
  const lacking = members.filter(({ rid }) => !read.has(rid)).map(({ rid }) => rid);
  if (lacking.length > 0) throw withoutLabel(lacking, { column, of: members.length });
  return read;
}

async function columnLabels(
  { members, column }: { readonly members: readonly FrozenMember[]; readonly column: string },
  ports: LabelPorts,
): Promise<ReadonlyMap<Rid, string>> {
  const labels = new Map<Rid, string>();
  const known = new Set<string>();
  for (const member of members) {
    const told = await toldOf(member, ports);
    for (const name of Object.keys(told)) known.add(name);
    const label = labelOf(told[column]);
    if (label !== undefined) labels.set(member.rid, label);
  }
  if (!known.has(column)) throw unknownColumn(column, [...known].sort());
  return labels;
}

/** What the catalog says of a member, by names. */
async function toldOf(
  { kind, rid }: FrozenMember,
  ports: LabelPorts,
): Promise<Readonly<Record<string, Json>>> {
  switch (kind) {
    case "asset":
      return (await ports.assets.asset(rid))?.metadata ?? {};
    case "record":
      return (await ports.typedRecords.record(rid))?.values ?? {};
    case "dataset":
      return (await ports.authored.dataset(rid))?.facets ?? {};
  }
}

async function featureLabels(name: string, features: FeatureCatalog): Promise<ReadonlyMap<Rid, string>> {
  const { feature, column } = await requireFeatureColumn(name, features);
  const labels = new Map<Rid, string>();
  for await (const { target, values } of readFeatureValues(
    { feature, selector: { by: "newest" } },
    features,
  )) {
    const label = labelOf(values[column]);
    if (label !== undefined) labels.set(target, label);
  }
  return labels;
}

/** Names of features and of columns may hold dots: what is declared tells where the column begins. */
async function requireFeatureColumn(
  name: string,
  features: Pick<FeatureCatalog, "features">,
): Promise<{ readonly feature: string; readonly column: string }> {
  const known = (await features.features()).flatMap((definition) => columnsOf(definition));
  const found = known.find(({ feature, column }) => `${feature}.${column}` === name);
  if (found !== undefined) return found;
  throw unknownColumn(
    `${featurePrefix}${name}`,
    known.map(({ feature, column }) => `${featurePrefix}${feature}.${column}`),
  );
}

function columnsOf(
  definition: FeatureDefinition,
): readonly { readonly feature: string; readonly column: string }[] {
  const feature = featureName(definition);
  return definition.columns.map(({ name }) => ({ feature, column: name }));
}

function labelOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function unknownColumn(column: string, known: readonly string[]): AlmanacError {
  const near = nearestNames(column, known);
  return new AlmanacError("UNKNOWN_NAME", `no member has anything that is called "${column}"`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(" or ")}?`
        : known.length > 0
          ? `there are ${known.slice(0, namedMembers).join(", ")}`
          : "give files metadata, or a feature: feature:<target>/<name>.<column>",
    facts: { column, known },
  });
}

function withoutLabel(
  lacking: readonly Rid[],
  { column, of }: { readonly column: string; readonly of: number },
): AlmanacError {
  const more = lacking.length > namedMembers ? ` and ${lacking.length - namedMembers} more` : "";
  const named = lacking.slice(0, namedMembers).join(", ");
  return new AlmanacError(
    "UNKNOWN_NAME",
    `${lacking.length} of ${of} members have nothing in "${column}": ${named}${more}`,
    { hint: "give it to them, or divide a dataset without them", facts: { column, lacking } },
  );
}
