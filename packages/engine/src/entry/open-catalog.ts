import { existsSync } from "node:fs";
import path from "node:path";
import type { SourceTypes } from "../core/catalog/source-types.ts";
import { AlmanacError, Defect } from "../core/errors.ts";
import type { SnapshotId } from "../core/identity/snapshot-id.ts";
import type { DurableObserver } from "../ports/durable.ts";
import type { Access, Catalog } from "./project.ts";

/** A catalog that a command has opened as far as it may. */
export interface OpenedCatalog {
  readonly catalog: Catalog;
  readonly created: boolean;
  readonly close: () => Promise<void>;
}

/** Absolute path of the catalog file that a `sqlite:` URL names; `sqlite::memory:` is in memory. */
export function catalogFileOf(url: string, folder: string): string {
  const file = url.slice("sqlite:".length);
  return file === ":memory:" ? file : path.resolve(folder, file);
}

/** How to open a catalog. */
export interface OpenCatalogHow {
  readonly access: Access;
  readonly observer: DurableObserver;
  readonly sourceTypes: SourceTypes;
  /** The file is the catalog of this snapshot. */
  readonly snapshot: SnapshotId | undefined;
}

/**
 * Opens the catalog as far as the command needs it.
 * @throws CATALOG_READ_ONLY when a snapshot is to be written, and what `openCatalog` throws
 */
export async function openedCatalog(
  file: string,
  { access, observer, sourceTypes, snapshot }: OpenCatalogHow,
): Promise<OpenedCatalog> {
  if (access === "none") return { catalog: closedCatalog, created: false, close: async () => {} };
  if (snapshot !== undefined) {
    requireReading(access, snapshot);
    const { openSnapshot } = await import("./open-snapshot.ts");
    const catalog = await openSnapshot({ file, observer, declarations: sourceTypes.get });
    return { catalog, created: false, close: () => catalog.close() };
  }
  const { openCatalog, openCatalogAdmin } = await import("../adapters/sqlite/open.ts");
  if (access === "admin") {
    if (!existsSync(file))
      throw new AlmanacError("CATALOG_MISSING", `there is no catalog at ${file}`, { hint: "almanac init" });
    const { admin, close } = await openCatalogAdmin({ file, observer });
    return { catalog: withoutPorts({ admin }), created: false, close };
  }
  if (access === "read-if-there" && !existsSync(file)) {
    const empty = await openCatalog({ file: ":memory:" });
    return { catalog: empty, created: false, close: () => empty.close() };
  }
  const created = access === "create" && !existsSync(file);
  const opened = await openCatalog({
    file,
    observer,
    declarations: sourceTypes.get,
    create: access === "create",
    readOnly: access === "read" || access === "read-if-there",
  });
  return { catalog: opened, created, close: () => opened.close() };
}

/** @throws CATALOG_READ_ONLY when more than reading is meant */
function requireReading(access: Access, snapshot: SnapshotId): void {
  if (access === "read" || access === "read-if-there") return;
  throw new AlmanacError(
    "CATALOG_READ_ONLY",
    `the snapshot ${snapshot} can be read only: nothing of an earlier moment can be changed`,
    {
      hint: "leave out the snapshot to work on the catalog as it is now",
      facts: { snapshot },
    },
  );
}

/** The catalog of a command that said it needs none. */
const closedCatalog: Catalog = withoutPorts({});

/** A catalog of which only some ports were opened; using another is a bug of the command. */
function withoutPorts(opened: Partial<Catalog>): Catalog {
  const refused = (): never => {
    throw new Defect("this command did not open the part of the catalog that it uses");
  };
  return {
    get admin() {
      return opened.admin ?? refused();
    },
    get datasets() {
      return refused();
    },
    get executions() {
      return refused();
    },
    get values() {
      return refused();
    },
    get runs() {
      return refused();
    },
    get workflows() {
      return refused();
    },
    get assets() {
      return refused();
    },
    get lineage() {
      return refused();
    },
    get vocabularies() {
      return refused();
    },
    get features() {
      return refused();
    },
    get typedRecords() {
      return refused();
    },
    get imports() {
      return refused();
    },
    get authored() {
      return refused();
    },
    get removal() {
      return refused();
    },
    kindOf: refused,
  };
}
