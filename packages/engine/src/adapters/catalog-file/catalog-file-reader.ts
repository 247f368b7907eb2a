import type { CatalogFileReader, CatalogForm, OpenCatalogFile } from "../../ports/catalog-file.ts";

/** Reads catalogs from local files; the library of a form is loaded when a file of that form is read. */
export const catalogFileReader: CatalogFileReader = {
  open: async (file, { form, wanted }) => {
    const opened = await openers[form](file, wanted);
    return { pathColumn: "path", ...opened };
  },
};

type Opener = (
  file: string,
  wanted: ReadonlySet<string>,
) => Promise<Omit<OpenCatalogFile, "pathColumn"> & Partial<OpenCatalogFile>>;

const openers: Readonly<Record<CatalogForm, Opener>> = {
  parquet: async (...args) => (await import("./parquet-rows.ts")).openParquet(...args),
  csv: async (...args) => (await import("./csv-rows.ts")).openCsv(...args),
  ndjson: async (file) => (await import("./ndjson-rows.ts")).openNdjson(file),
  "intake-esm": async (...args) => (await import("./intake-esm.ts")).openIntakeEsm(...args),
};
