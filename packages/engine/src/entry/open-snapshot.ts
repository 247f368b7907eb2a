import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { OpenCatalog, OpenCatalogOptions } from "../adapters/sqlite/open.ts";
import { isAlmanacError } from "../core/errors.ts";

/**
 * Opens the catalog of a snapshot for reading. One that an older version of Almanac made is brought up to date in a
 * temporary copy, which goes when it is closed; the snapshot stays as it is.
 * @throws CATALOG_NEWER when a newer version made it, CATALOG_INVALID when it is damaged
 */
export async function openSnapshot(options: Omit<OpenCatalogOptions, "create">): Promise<OpenCatalog> {
  const { openCatalog, openCatalogAdmin } = await import("../adapters/sqlite/open.ts");
  try {
    return await openCatalog({ ...options, snapshot: true });
  } catch (error) {
    if (!isAlmanacError(error, "CATALOG_OUTDATED")) throw error;
  }
  const folder = await mkdtemp(path.join(tmpdir(), "almanac-snapshot-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const file = path.join(folder, "catalog.sqlite");
    await copyFile(options.file, file);
    const { admin, close } = await openCatalogAdmin({ file });
    await admin.migrate();
    await close();
    const opened = await openCatalog({ ...options, file, snapshot: true });
    return {
      ...opened,
      close: async () => {
        await opened.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
