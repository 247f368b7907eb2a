import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { AlmanacError } from "../../core/errors.ts";
import type { OpenCatalogFile } from "../../ports/catalog-file.ts";
import { inBatches } from "./batches.ts";
import { openCsv } from "./csv-rows.ts";
import { damaged } from "./damaged.ts";
import { cellsOf } from "./ndjson-rows.ts";

const what = "an intake-esm catalog";

const descriptor = z.object({
  esmcat_version: z.string(),
  assets: z.object({ column_name: z.string() }),
  catalog_file: z.string().nullish(),
  catalog_dict: z.array(z.unknown()).nullish(),
});

/**
 * Opens an intake-esm catalog: a JSON file that names its table, a CSV file beside it, or holds the rows itself.
 * @source intake-esm ESM Catalog Specification 0.1.0
 */
export async function openIntakeEsm(file: string, wanted: ReadonlySet<string>): Promise<OpenCatalogFile> {
  const { assets, catalog_file: table, catalog_dict: rows } = await readDescriptor(file);
  const pathColumn = assets.column_name;
  const columns = new Set([...wanted, pathColumn]);
  if (typeof table === "string") return { ...(await openCsv(tableFile(table, file), columns)), pathColumn };
  return { columns: undefined, pathColumn, batches: inBatches((rows ?? []).map(cellsOf)) };
}

async function readDescriptor(file: string): Promise<z.infer<typeof descriptor>> {
  try {
    const parsed = descriptor.safeParse(JSON.parse(await readFile(file, "utf8")));
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
    const { catalog_file: table, catalog_dict: rows } = parsed.data;
    if ((typeof table === "string") === Array.isArray(rows))
      throw new Error("it has to have one of catalog_file and catalog_dict");
    return parsed.data;
  } catch (error) {
    throw damaged(error, { file, what });
  }
}

/** The table's file: as named from the catalog's folder. */
function tableFile(name: string, file: string): string {
  if (name.startsWith("file:")) return fileURLToPath(name);
  if (!/^[a-z][a-z0-9+]*:\/\//i.test(name)) return resolve(dirname(file), name);
  throw new AlmanacError(
    "CATALOG_FILE_INVALID",
    `the table of ${file} is at ${name}, which is not a local file`,
    {
      hint: "download it beside the catalog and name it there in catalog_file",
      facts: { file, table: name },
    },
  );
}
