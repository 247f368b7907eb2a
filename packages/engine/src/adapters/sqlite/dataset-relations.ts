import type { DatasetSpec } from "../../core/records/dataset-version.ts";
import { draftName } from "../../core/records/dataset-version.ts";
import type { RelatedDataset, RelationQuery } from "../../ports/dataset-authoring.ts";
import { newestVersion, requireAuthored, requireOrdinal, visibleIn } from "./authored-rows.ts";
import type { Connection } from "./connection.ts";
import { ridText } from "./rids.ts";
import type { DatasetMemberRow, DatasetVersionRow } from "./schema.ts";

/** A version of a dataset, or its draft, on the way. */
interface Place {
  readonly id: number;
  readonly version: string | undefined;
}

/** Datasets that a version has as members, in order of depth, each relation once. */
export function childrenOf(connection: Connection, query: RelationQuery): readonly RelatedDataset[] {
  const { id } = requireAuthored(connection, query.dataset);
  requireOrdinal(connection, id, query);
  return follow(
    { id, version: query.version ?? draftName },
    { recursive: query.recursive === true },
    (parent) =>
      connection
        .all<DatasetMemberRow>(
          `select * from dataset_member where dataset_id = ? and kind = 'dataset' and ${visibleIn} order by member_id`,
          parent.id,
          ...twice(requireOrdinal(connection, parent.id, parent)),
        )
        .map((row) => ({ near: parent, next: childPlace(connection, row) })),
  ).map(({ near, next, depth }) => ({ parent: specOf(near), child: specOf(next), depth }));
}

/** Datasets that have one as a member, in order of depth, each relation once. */
export function parentsOf(connection: Connection, query: RelationQuery): readonly RelatedDataset[] {
  const { id } = requireAuthored(connection, query.dataset);
  const version = query.version === draftName ? undefined : query.version;
  if (version !== undefined) requireOrdinal(connection, id, { version });
  return follow({ id, version }, { recursive: query.recursive === true }, (child) =>
    connection
      .all<DatasetMemberRow>(
        "select * from dataset_member where member_id = ? and kind = 'dataset' order by dataset_id, since",
        child.id,
      )
      .map((row) => ({
        near: childPlace(connection, row),
        next: { id: row.dataset_id, version: holdingVersion(connection, row) },
      }))
      .filter(
        ({ near }) =>
          child.version === undefined || child.version === draftName || near.version === child.version,
      ),
  ).map(({ near, next, depth }) => ({ parent: specOf(next), child: specOf(near), depth }));
}

interface Found {
  readonly near: Place;
  readonly next: Place;
}

// allow-parameters: from where, how far, and by what
function follow(
  start: Place,
  { recursive }: { readonly recursive: boolean },
  neighbours: (place: Place) => readonly Found[],
): readonly (Found & { readonly depth: number })[] {
  const found: (Found & { readonly depth: number })[] = [];
  const seen = new Set<string>();
  let level = [start];
  for (let depth = 1; level.length > 0 && (recursive || depth === 1); depth++) {
    const steps = level.flatMap(neighbours).filter((step) => isFirst(seen, keyOf(step)));
    found.push(...steps.map((step) => ({ ...step, depth })));
    level = steps.map(({ next }) => next).filter((place) => isFirst(seen, JSON.stringify(place)));
  }
  return found;
}

function isFirst(seen: Set<string>, key: string): boolean {
  return !seen.has(key) && seen.add(key).has(key);
}

function keyOf({ near, next }: Found): string {
  return JSON.stringify([near, next]);
}

/** A child as a version has it; in a draft the newest version, which its release would take. */
function childPlace(connection: Connection, row: DatasetMemberRow): Place {
  const version = heldVersion(row) ?? newestVersion(connection, row.member_id)?.version;
  return { id: row.member_id, version: version ?? draftName };
}

function heldVersion(row: DatasetMemberRow): string | undefined {
  return row.frozen_version ?? row.pinned_version ?? undefined;
}

/** Newest version of the parent that has the member, else its draft. */
function holdingVersion(connection: Connection, { dataset_id, since, until }: DatasetMemberRow): string {
  const row = connection.get<Pick<DatasetVersionRow, "version">>(
    `select version from dataset_version where dataset_id = ? and ordinal >= ? and (? is null or ordinal < ?)
     order by ordinal desc limit 1`,
    dataset_id,
    since,
    until,
    until,
  );
  return row?.version ?? draftName;
}

function specOf({ id, version }: Place): DatasetSpec {
  return { rid: ridText(id), ...(version === undefined ? {} : { version }) };
}

function twice(ordinal: number): readonly [number, number] {
  return [ordinal, ordinal];
}
