import { AlmanacError } from "../../core/errors.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import type { FeatureDefinition, FeatureTarget } from "../../core/records/feature.ts";
import { parseFeatureName } from "../../core/records/feature.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { FeatureCatalog } from "../../ports/feature-catalog.ts";
import type { TypedRecordCatalog } from "../../ports/typed-record-catalog.ts";

/** A feature to declare, its target by name only. */
export interface NewFeature extends Pick<FeatureDefinition, "columns"> {
  /** `<target>/<name>`; the target is a source type, an asset kind or a record type. */
  readonly name: string;
  readonly description?: string;
  /** Needed when the target's name is of several kinds. */
  readonly kind?: FeatureTarget["kind"];
}

/** Where targets are looked for. */
export interface FeatureTargetPorts {
  readonly features: Pick<FeatureCatalog, "define">;
  readonly assets: Pick<AssetCatalog, "kinds">;
  readonly typedRecords: Pick<TypedRecordCatalog, "types">;
  /** Names of all source types. */
  readonly sourceTypes: readonly string[];
}

/**
 * Declares a feature; an equal one is kept.
 * @throws UNKNOWN_NAME when there is no such target, vocabulary or asset kind; CONFLICT when it is declared otherwise;
 * USAGE when the target's name is of several kinds and none is given
 */
export async function defineFeature(
  feature: NewFeature,
  ports: FeatureTargetPorts,
): Promise<FeatureDefinition> {
  const { target, name } = parseFeatureName(feature.name);
  const definition: FeatureDefinition = {
    target: await requireTarget({ name: target, kind: feature.kind }, ports),
    name,
    description: feature.description ?? "",
    columns: feature.columns,
  };
  await ports.features.define(definition);
  return definition;
}

async function requireTarget(
  { name, kind }: { readonly name: string; readonly kind: FeatureTarget["kind"] | undefined },
  ports: FeatureTargetPorts,
): Promise<FeatureTarget> {
  const known: readonly FeatureTarget[] = [
    ...ports.sourceTypes.map((each) => ({ kind: "dataset" as const, name: each })),
    ...(await ports.assets.kinds()).map((each) => ({ kind: "asset" as const, name: each.name })),
    ...(await ports.typedRecords.types()).map((each) => ({ kind: "record" as const, name: each.name })),
  ];
  const found = known.filter((each) => each.name === name && (kind === undefined || each.kind === kind));
  const [target] = found;
  if (target === undefined) throw unknownTarget(name, known);
  if (found.length === 1) return target;
  const kinds = found.map((each) => each.kind).join(", ");
  throw new AlmanacError("USAGE", `"${name}" is of several kinds: ${kinds}`, {
    hint: "say which, by --kind",
  });
}

function unknownTarget(name: string, known: readonly FeatureTarget[]): AlmanacError {
  const names = known.map((each) => each.name);
  const near = nearestNames(name, names).map((each) => `"${each}"`);
  const meant = near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
  return new AlmanacError(
    "UNKNOWN_NAME",
    `there is no source type, asset kind or record type "${name}"${meant}`,
    {
      hint: `targets: ${names.join(", ")}`,
      facts: { target: name },
    },
  );
}
