import type { CatalogSnapshot } from "../core/records/catalog-snapshot.ts";
import type { DurableObserver } from "../ports/durable.ts";
import type { Snapshots } from "../ports/snapshots.ts";
import { type OpenCatalogHow, type OpenedCatalog, openedCatalog } from "./open-catalog.ts";
import { systemClock } from "./system-clock.ts";

/** The catalog of a project, as it is now or as it was, and its snapshots. */
export interface CatalogOfMoment {
  readonly opened: OpenedCatalog;
  /** Absolute path of the file that was opened. */
  readonly file: string;
  readonly snapshot: CatalogSnapshot | undefined;
  readonly snapshots: () => Promise<Snapshots>;
}

/**
 * Opens the catalog of a project, or one of its snapshots.
 * @param file of the catalog as it is now
 * @throws UNKNOWN_NAME when there is no such snapshot, CATALOG_READ_ONLY when one is to be written, and what opening a
 * catalog throws
 */
export async function catalogOfMoment(
  file: string,
  {
    snapshot: asked,
    ...how
  }: Omit<OpenCatalogHow, "snapshot"> & {
    readonly observer: DurableObserver;
    readonly snapshot: string | undefined;
  },
): Promise<CatalogOfMoment> {
  const snapshots = async (): Promise<Snapshots> => {
    const { folderSnapshots } = await import("../adapters/sqlite/snapshots.ts");
    const admin = () => opened.catalog.admin;
    return folderSnapshots({ catalogFile: file, observer: how.observer, now: systemClock.now, admin });
  };
  const found = asked === undefined ? undefined : await (await snapshots()).require(asked);
  const snapshot = found?.snapshot;
  const opened = await openedCatalog(found?.file ?? file, { ...how, snapshot: snapshot?.id });
  return { opened, file: found?.file ?? file, snapshot, snapshots };
}
