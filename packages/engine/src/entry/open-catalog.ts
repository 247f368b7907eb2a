import path from "node:path";
import { existsSync } from "node:fs";
import type { OpenCatalog } from "../adapters/sqlite/open.ts";
import { Defect } from "../core/errors.ts";
import type { DurableObserver } from "../ports/durable.ts";
import type { Access, Catalog } from "./project.ts";

/** A catalog that a command has opened as far as it may. */
export interface OpenedCatalog {
  readonly catalog: Catalog;
  readonly created: boolean;
  readonly close: () => Promise<void>;
}

/** Absolute path of the catalog file that a `sqlite:` URL names. */
export function catalogFileOf(url: string, folder: string): string {
  return path.resolve(folder, url.slice("sqlite:".length));
}

/**
 * Opens the catalog as far as the command needs it; a command that needs none opens it when it is first used, to read.
 * @throws what `openCatalog` throws
 */
export async function openedCatalog(file: string, { access, observer }: { access: Access; observer: DurableObserver }): Promise<OpenedCatalog> {
  const { openCatalog, openCatalogAdmin } = await import("../adapters/sqlite/open.ts");
  if (access === "admin") {
    const { admin, close } = await openCatalogAdmin({ file, observer });
    return { catalog: adminOnly(admin), created: false, close };
  }
  const created = access === "create" && !existsSync(file);
  const opened = await openCatalog({ file, observer, create: access === "create", readOnly: access === "read" });
  return { catalog: opened, created, close: () => opened.close() };
}

function adminOnly(admin: OpenCatalog["admin"]): Catalog {
  const refused = (): never => {
    throw new Defect("this command opened the catalog for administration only");
  };
  return {
    admin,
    get datasets() { return refused(); },
    get executions() { return refused(); },
    get values() { return refused(); },
  };
}
