/** What tests and demonstrations of providers need. */
export type { MemoryFile } from "../../adapters/memory/memory-tree.ts";
export {
  type SyntheticArchive,
  type SyntheticModel,
  type SyntheticOptions,
  writeSyntheticArchive,
} from "../../adapters/netcdf/synthetic-archive.ts";
export {
  type EnsembleOptions,
  type SyntheticEnsemble,
  writeSyntheticEnsemble,
} from "../../adapters/netcdf/synthetic-ensemble.ts";
export type { FileHeader } from "../../core/catalog/source-type.ts";
export type { Vocabulary, VocabularyDimension, VocabularyValue } from "../../core/results/vocabulary.ts";
export {
  type CatalogArbitraries,
  type CatalogOptions,
  catalogArbitraries,
} from "../testing/catalog-arbitraries.ts";
export type { TestDataset } from "../testing/diagnostic-inputs.ts";
export type { Arbitrary, FastCheck } from "../testing/fast-check.ts";
export { type InMemoryOptions, openInMemory } from "../testing/in-memory.ts";
export {
  type DiagnosticTest,
  type TestDiagnosticOptions,
  testDiagnostic,
} from "../testing/test-diagnostic.ts";
