import { parseRid, type Rid } from "./rid.ts";

declare const snapshotBrand: unique symbol;

/** Identifier of a snapshot of the catalog: its time in UTC, such as `20261121T103005Z`, and `-2` for a second one of it. */
export type SnapshotId = string & { readonly [snapshotBrand]: true };

const form = /^\d{8}T\d{6}Z(-([2-9]|[1-9]\d+))?$/i;

/**
 * The identifier of the n-th snapshot of a moment. It is never the version of a dataset, which may follow a RID too.
 * @param at UTC, ISO 8601
 * @param number from 1
 * @example snapshotId("2026-11-21T10:30:05.123Z", 1) === "20261121T103005Z"
 */
export function snapshotId(at: string, number: number): SnapshotId {
  const time = `${at.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  return (number === 1 ? time : `${time}-${number}`) as SnapshotId;
}

/** Reads the identifier of a snapshot, in any case. @returns undefined if the text is none */
export function parseSnapshotId(text: string): SnapshotId | undefined {
  return form.test(text) ? (text.toUpperCase() as SnapshotId) : undefined;
}

/** Reads `RID@snapshot`. @returns undefined if the text is something else, such as a RID with a version */
export function parseSnapshotRid(
  text: string,
): { readonly rid: Rid; readonly snapshot: SnapshotId } | undefined {
  const at = text.lastIndexOf("@");
  const rid = at < 0 ? undefined : parseRid(text.slice(0, at));
  const snapshot = parseSnapshotId(text.slice(at + 1));
  return rid === undefined || snapshot === undefined ? undefined : { rid, snapshot };
}
