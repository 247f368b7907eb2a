import { enableCompileCache } from "node:module";

// Program of the processes that open files for ingestion. The imports come after the compile cache: it saves a third of
// the start. Messages that come in the meantime wait in the channel, because nobody listens yet.
enableCompileCache();
const [{ serveHeaders }, { loadHdf5 }, { readHeaderFile }] = await Promise.all([
  import("../../adapters/header-pool/serve.ts"),
  import("../../adapters/netcdf/hdf5.ts"),
  import("../../adapters/netcdf/header-file.ts"),
]);
const { ready } = await loadHdf5();
const module = await ready;
serveHeaders((path) => readHeaderFile(module, path));
