/** What tests and demonstrations of providers need. */
export {
  type SyntheticArchive,
  type SyntheticModel,
  type SyntheticOptions,
  writeSyntheticArchive,
} from "../../adapters/netcdf/synthetic-archive.ts";
