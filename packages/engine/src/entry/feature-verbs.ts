import type { NewFeature } from "../app/records/define-feature.ts";
import type { FeatureReading } from "../app/records/read-features.ts";
import type { SourceTypes } from "../core/catalog/source-types.ts";
import { AlmanacError } from "../core/errors.ts";
import type { FeatureDefinition, FeatureValue } from "../core/records/feature.ts";
import type { AssetCatalog } from "../ports/asset-catalog.ts";
import type { FeatureCatalog } from "../ports/feature-catalog.ts";
import type { TypedRecordCatalog } from "../ports/typed-record-catalog.ts";

/** The parts of the catalog that features need. */
interface FeatureParts {
  readonly features: FeatureCatalog;
  readonly assets: AssetCatalog;
  readonly typedRecords: TypedRecordCatalog;
}

/** Features of a project: what it takes to declare and to read them. */
export interface FeatureVerbs {
  /**
   * Declares a feature; an equal one is kept.
   * @throws UNKNOWN_NAME for its target or what its columns name; CONFLICT when it is declared otherwise
   */
  defineFeature(feature: NewFeature): Promise<FeatureDefinition>;
  /** Values of a feature, few at a time in memory. @throws UNKNOWN_NAME */
  featureValues(reading: FeatureReading): AsyncIterable<FeatureValue>;
  /** The same as CSV, in portions of text, the first with the heading. @throws UNKNOWN_NAME */
  featureTable(reading: FeatureReading): AsyncIterable<string>;
}

/** Features of a project; what they need is loaded when they are asked for. */
export function featureVerbs({
  catalog,
  sourceTypes,
}: {
  readonly catalog: FeatureParts;
  readonly sourceTypes: SourceTypes;
}): FeatureVerbs {
  return {
    defineFeature: async (feature) => {
      const { defineFeature } = await import("../app/records/define-feature.ts");
      const { features, assets, typedRecords } = catalog;
      return defineFeature(feature, {
        features,
        assets,
        typedRecords,
        sourceTypes: sourceTypes.all.map(({ name }) => name),
      });
    },
    featureValues: (reading) => read(reading, catalog),
    featureTable: (reading) => table(reading, catalog),
  };
}

async function* read(reading: FeatureReading, { features }: FeatureParts): AsyncGenerator<FeatureValue> {
  const { readFeatureValues } = await import("../app/records/read-features.ts");
  yield* readFeatureValues(reading, features);
}

async function* table(reading: FeatureReading, catalog: FeatureParts): AsyncGenerator<string> {
  const { featureTable } = await import("./feature-table.ts");
  yield* featureTable(await requireFeature(reading.feature, catalog), read(reading, catalog));
}

/**
 * A feature by its name.
 * @throws UNKNOWN_NAME with the nearest ones
 */
export async function requireFeature(
  name: string,
  { features }: Pick<FeatureParts, "features">,
): Promise<FeatureDefinition> {
  const found = await features.feature(name);
  if (found !== undefined) return found;
  // The catalog says what is meant.
  await features.count(name);
  throw new AlmanacError("UNKNOWN_NAME", `there is no feature "${name}"`, { hint: "almanac features list" });
}
