import type { Snapshot } from "../core/catalog/snapshot.ts";
import { Defect } from "../core/errors.ts";
import { authoredInputFiles } from "../core/execution/authored-files.ts";
import type { InputDataset } from "../core/execution/definition.ts";
import { compareCodeUnits } from "../core/identity/compare.ts";
import { parseDatasetSpec } from "../core/records/dataset-version.ts";
import type { Decision } from "../core/solver/plan.ts";
import type { DatasetAuthoring } from "../ports/dataset-authoring.ts";

/** What a snapshot does not say of a released version: the assets that its files are, and the digest. */
export type PinnedRelease = Pick<InputDataset, "files"> & Required<Pick<InputDataset, "authored">>;

/** What pinning released versions needs of the catalog. */
export type ReleasedCatalog = Pick<DatasetAuthoring, "releasedTypes" | "versions" | "files">;

/**
 * Pins the released versions of authored datasets that decisions have.
 * @returns by id; empty where there are none
 * @throws UNKNOWN_NAME when one was deleted since the plan was made
 */
export async function pinReleased(
  decisions: readonly Decision[],
  { snapshot, authored }: { readonly snapshot: Snapshot; readonly authored: ReleasedCatalog },
): Promise<ReadonlyMap<string, PinnedRelease>> {
  const released = new Set(
    (await authored.releasedTypes()).flatMap(({ name }) => snapshot.tables.get(name)?.ids ?? []),
  );
  if (released.size === 0) return new Map();
  const used = new Set(decisions.flatMap(({ datasets }) => Object.values(datasets).flat()));
  const pinned = new Map<string, PinnedRelease>();
  for (const id of used) if (released.has(id)) pinned.set(id, await pinOne(id, authored));
  return pinned;
}

async function pinOne(id: string, authored: ReleasedCatalog): Promise<PinnedRelease> {
  const { rid, version } = parseDatasetSpec(id) ?? {};
  const known = rid === undefined ? [] : await authored.versions(rid);
  const digest = known.find((each) => each.version === version)?.digest;
  if (rid === undefined || version === undefined || digest === undefined)
    throw new Defect(`${id} is in a snapshot and no released version`);
  const files = authoredInputFiles(id, await authored.files({ dataset: rid, version }));
  // The order of the snapshot, in which files of an earlier execution are compared.
  return { files: files.toSorted((a, b) => compareCodeUnits(a.path, b.path)), authored: { rid, digest } };
}
