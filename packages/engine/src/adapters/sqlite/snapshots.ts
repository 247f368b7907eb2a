import { createHash, randomUUID } from "node:crypto";
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { parseSnapshotId, type SnapshotId, snapshotId } from "../../core/identity/snapshot-id.ts";
import type { CatalogSnapshot } from "../../core/records/catalog-snapshot.ts";
import { parseSnapshot, writeSnapshot } from "../../documents/snapshot.ts";
import type { CatalogAdmin } from "../../ports/catalog-admin.ts";
import { type DurableObserver, observed } from "../../ports/durable.ts";
import type { Snapshots } from "../../ports/snapshots.ts";
import { syncPath } from "./backup.ts";
import { Connection } from "./connection.ts";

/** What snapshots are made of. */
export interface SnapshotParts {
  /** The catalog; its snapshots are in a folder beside it. */
  readonly catalogFile: string;
  /** UTC, ISO 8601. */
  readonly now: () => string;
  readonly observer: DurableObserver;
  /** Of the catalog that is copied. */
  readonly admin: () => Pick<CatalogAdmin, "backup" | "status">;
}

/** Beginning of the names of snapshots that are being made or removed; what a kill leaves of them goes with the next. */
const unfinished = ".unfinished-";

const names = { catalog: "catalog.sqlite", document: "snapshot.json" } as const;

/** Folder with the snapshots of a catalog. */
export function snapshotsFolder(catalogFile: string): string {
  return `${catalogFile}.snapshots`;
}

/** Snapshots as folders beside the catalog, each with a copy of it and a document; put in place by one rename. */
export function folderSnapshots(parts: SnapshotParts): Snapshots {
  const folder = snapshotsFolder(parts.catalogFile);
  const require: Snapshots["require"] = async (text) => {
    const all = snapshotsIn(folder);
    const id = parseSnapshotId(text);
    const snapshot = all.find((each) => each.id === id || each.name === text);
    if (snapshot === undefined) throw unknownSnapshot(text, all);
    return { snapshot, file: join(folder, snapshot.id, names.catalog) };
  };
  return {
    create: async ({ name, description }) => {
      if (name !== undefined) requireName(name, snapshotsIn(folder));
      return create({ ...(name === undefined ? {} : { name }), description }, { ...parts, folder });
    },
    list: async () => snapshotsIn(folder),
    require,
    verify: async (text) => {
      const { snapshot, file } = await require(text);
      return existsSync(file) && (await sha256Of(file)) === snapshot.sha256;
    },
    remove: async (text) => {
      const { snapshot } = await require(text);
      observed(parts.observer, "catalog.snapshot", () => removeFolder(folder, snapshot.id));
      return snapshot;
    },
  };
}

function snapshotsIn(folder: string): readonly CatalogSnapshot[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => parseSnapshotId(name) !== undefined)
    .sort((a, b) => compareCodeUnits(b, a))
    .map((name) => parseSnapshot(readFileSync(join(folder, name, names.document), "utf8")));
}

function unknownSnapshot(text: string, all: readonly CatalogSnapshot[]): AlmanacError {
  const known = all.slice(0, 5).map(({ id, name }) => (name === undefined ? id : `${id} (${name})`));
  return new AlmanacError("UNKNOWN_NAME", `there is no snapshot "${text}"`, {
    hint:
      known.length === 0
        ? "almanac snapshots create"
        : `there is ${known.join(", ")}: almanac snapshots list`,
    facts: { snapshot: text },
  });
}

/** What could be taken for an id, a version or an option is no name. */
function requireName(name: string, all: readonly CatalogSnapshot[]): void {
  if (!/^[A-Za-z][\w.-]{0,99}$/.test(name) || parseSnapshotId(name) !== undefined)
    throw new AlmanacError("USAGE", `"${name}" cannot be the name of a snapshot`, {
      hint: "begin with a letter, go on with letters, digits, _, - and .",
    });
  const taken = all.find((each) => each.name === name);
  if (taken === undefined) return;
  throw new AlmanacError("CONFLICT", `the snapshot ${taken.id} has the name "${name}"`, {
    hint: `give it another name, or delete that: almanac snapshots delete ${taken.id}`,
    facts: { snapshot: taken.id },
  });
}

async function create(
  given: Pick<CatalogSnapshot, "name" | "description">,
  { folder, now, observer, admin }: SnapshotParts & { readonly folder: string },
): Promise<CatalogSnapshot> {
  const createdAt = now();
  mkdirSync(folder, { recursive: true });
  removeUnfinished(folder);
  const building = join(folder, `${unfinished}${ownMark()}${randomUUID()}`);
  mkdirSync(building);
  try {
    const file = join(building, names.catalog);
    await admin().backup(file);
    requireSound(file, observer);
    chmodSync(file, 0o444);
    const facts = { createdAt, sizeBytes: statSync(file).size, sha256: await sha256Of(file) };
    const { counts } = await admin().status();
    return observed(observer, "catalog.snapshot", () =>
      place({ ...given, ...facts, counts }, { folder, building }),
    );
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    throw error;
  }
}

/** Renames the folder to the first id of its moment that is free. */
function place(
  facts: Omit<CatalogSnapshot, "id">,
  { folder, building }: { readonly folder: string; readonly building: string },
): CatalogSnapshot {
  for (let number = 1; ; number++) {
    // Another may have taken the name while the catalog was copied.
    if (facts.name !== undefined) requireName(facts.name, snapshotsIn(folder));
    const snapshot = { id: snapshotId(facts.createdAt, number), ...facts };
    if (existsSync(join(folder, snapshot.id))) continue;
    writeFileSync(join(building, names.document), writeSnapshot(snapshot));
    for (const path of [join(building, names.document), building]) syncPath(path);
    try {
      renameSync(building, join(folder, snapshot.id));
    } catch (error) {
      if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      continue;
    }
    for (const path of [folder, dirname(folder)]) syncPath(path);
    requireSoleName(snapshot, folder);
    return snapshot;
  }
}

/** Of two that are placed at the same moment no two keep one name. @throws CONFLICT when another has it */
function requireSoleName({ id, name }: CatalogSnapshot, folder: string): void {
  const others = snapshotsIn(folder).filter((each) => each.id !== id);
  if (name === undefined || !others.some((each) => each.name === name)) return;
  removeFolder(folder, id);
  requireName(name, others);
}

/** @throws CATALOG_INVALID when the copy is not a sound database */
function requireSound(file: string, observer: DurableObserver): void {
  const connection = new Connection({ file, readOnly: "asked", immutable: true, observer, busyTimeoutMs: 0 });
  try {
    const answer = connection.get<{ quick_check: string }>("pragma quick_check")?.quick_check;
    if (answer === "ok") return;
    throw new AlmanacError("CATALOG_INVALID", `the copy of the catalog is damaged: ${answer}`, {
      hint: "almanac doctor",
    });
  } finally {
    connection.close();
  }
}

function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.startsWith(unfinished)))
    if (!isAtWork(name)) rmSync(join(folder, name), { recursive: true, force: true });
}

/** True while the process that works on it lives. */
function isAtWork(name: string): boolean {
  const mark = name.slice(unfinished.length);
  const pid = Number.parseInt(mark, 10);
  return pid === process.pid ? mark.startsWith(ownMark()) : existsSync(`/proc/${pid}`);
}

/** This process, and none of the same number before it. */
function ownMark(): string {
  return `${process.pid}-${Math.round(performance.timeOrigin)}-`;
}

/** Out of the way first: a kill leaves the whole snapshot or none of it. */
function removeFolder(folder: string, id: SnapshotId): void {
  const doomed = join(folder, `${unfinished}${ownMark()}${randomUUID()}`);
  renameSync(join(folder, id), doomed);
  syncPath(folder);
  rmSync(doomed, { recursive: true, force: true });
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
