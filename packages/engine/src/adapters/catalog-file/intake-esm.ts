import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
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
  if (typeof table === "string")
    return { ...(await openTable(tableFile(table, file), columns, { file })), pathColumn };
  return { columns: undefined, pathColumn, batches: inBatches((rows ?? []).map(cellsOf)) };
}

/** @throws FILE_MISSING that names the catalog, too */
// allow-parameters: what, how much of it, and who names it
async function openTable(
  table: string,
  columns: ReadonlySet<string>,
  { file }: { readonly file: string },
): Promise<Omit<OpenCatalogFile, "pathColumn">> {
  try {
    return await openCsv(table, columns);
  } catch (cause) {
    if (!isAlmanacError(cause, "FILE_MISSING")) throw cause;
    throw new AlmanacError("FILE_MISSING", `there is no ${table}, the table that ${file} names`, {
      hint: "put it there, or correct catalog_file",
      facts: { file, table },
      cause,
    });
  }
}

async function readDescriptor(file: string): Promise<z.infer<typeof descriptor>> {
  try {
    const parsed = descriptor.safeParse(JSON.parse(await readFile(file, "utf8")));
    if (!parsed.success) throw new Error(parsed.error.issues.map(issueText).join("; "));
    const { catalog_file: table, catalog_dict: rows } = parsed.data;
    if ((typeof table === "string") === Array.isArray(rows))
      throw new Error("it has to have one of catalog_file and catalog_dict");
    return parsed.data;
  } catch (error) {
    throw damaged(error, { file, what });
  }
}

function issueText({ path, message, input }: z.core.$ZodIssue): string {
  const where = path.length === 0 ? "the file" : path.join(".");
  return input === undefined && message.endsWith("undefined")
    ? `${where} is missing`
    : `${where}: ${message}`;
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
