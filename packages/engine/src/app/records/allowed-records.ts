import type { AllowedRecords } from "../../core/records/allowed-records.ts";
import { datasetTypeVocabulary } from "../../core/records/stage-datasets.ts";
import type { FeatureCatalog } from "../../ports/feature-catalog.ts";
import type { TypedRecordCatalog } from "../../ports/typed-record-catalog.ts";
import type { VocabularyCatalog } from "../../ports/vocabulary-catalog.ts";

/** Where declarations are read from. */
export interface DeclarationPorts {
  readonly features: Pick<FeatureCatalog, "features">;
  readonly typedRecords: Pick<TypedRecordCatalog, "types">;
  readonly vocabularies: Pick<VocabularyCatalog, "vocabularies" | "terms">;
}

/**
 * All features and record types of the catalog with the vocabularies that they use, and the types that datasets may
 * have, as a definition holds them.
 */
export async function allowedRecords(ports: DeclarationPorts): Promise<AllowedRecords> {
  const [features, recordTypes] = [await ports.features.features(), await ports.typedRecords.types()];
  const used = new Set([
    datasetTypeVocabulary,
    ...[...features, ...recordTypes].flatMap(({ columns }) =>
      columns.flatMap((column) => (column.holds === "term" ? [column.vocabulary] : [])),
    ),
  ]);
  const vocabularies = [];
  for (const { name, description } of await ports.vocabularies.vocabularies()) {
    if (!used.has(name)) continue;
    const terms = (await ports.vocabularies.terms(name)).map(({ rid: _, vocabulary: __, ...term }) => term);
    vocabularies.push({ name, description, terms });
  }
  return { features, recordTypes, vocabularies };
}
