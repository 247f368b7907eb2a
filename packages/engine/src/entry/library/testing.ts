/** What tests and demonstrations of providers need. */
export {
  type SyntheticArchive,
  type SyntheticModel,
  type SyntheticOptions,
  writeSyntheticArchive,
} from "../../adapters/netcdf/synthetic-archive.ts";
export {
  type CatalogArbitraries,
  type CatalogOptions,
  catalogArbitraries,
} from "../testing/catalog-arbitraries.ts";
export type { Arbitrary, FastCheck } from "../testing/fast-check.ts";
