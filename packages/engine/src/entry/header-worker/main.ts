import { serveHeaders } from "../../adapters/header-pool/serve.ts";
import { loadHdf5 } from "../../adapters/netcdf/hdf5.ts";
import { readHeaderFile } from "../../adapters/netcdf/header-file.ts";

// Program of the processes that open files for ingestion. Messages that come while HDF5 starts wait in the channel,
// because nobody listens yet.
const { ready } = await loadHdf5();
const module = await ready;
serveHeaders((path) => readHeaderFile(module, path));
