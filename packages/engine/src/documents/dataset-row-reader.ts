import type { CatalogRow, Cell } from "../core/catalog/catalog-row.ts";
import { contentId } from "../core/catalog/content-id.ts";
import type { Facets } from "../core/catalog/dataset.ts";
import { datasetId, type ParsedFile } from "../core/catalog/parse-file.ts";
import type { SourceType } from "../core/catalog/source-type.ts";
import { type NamedTimes, parseTimeRange } from "../core/catalog/time-range.ts";
import { AlmanacError } from "../core/errors.ts";
import { err, ok, type Result } from "../core/result.ts";
import { formatDateTime, parseDateTime } from "../core/time/date-time.ts";
import { cellText, timeRangeColumn } from "./dataset-row.ts";

/** How the rows of one file are read. */
export interface RowForm {
  readonly sourceType: SourceType;
  /** Name of the column with the path; default `path`. */
  readonly pathColumn?: string;
}

/** Reads rows of one file of a catalog, one after the other. */
export type RowReader = (row: CatalogRow) => Result<ParsedFile>;

/**
 * Reads rows. The id is taken as it is; only where a row has no `instance_id` is it made of the identity facets. Facets that the
 * row has no column for come from the path and from what follows from others. Rows that do not say whether the file has been
 * opened count as opened: the catalog is all there is to know. Rows that follow each other with equal facets share them.
 * @returns a function that gives FILE_INVALID with the reason for a row that cannot be used
 */
export function rowReader({ sourceType, pathColumn = "path" }: RowForm): RowReader {
  const columns = sourceType.facets.map(({ name }) => name);
  let last: { readonly row: CatalogRow; readonly facets: Facets } | undefined;
  const facetsOf = (row: CatalogRow, path: string): Facets => {
    const { row: before, facets: shared } = last ?? {};
    if (
      before !== undefined &&
      shared !== undefined &&
      columns.every((name) => Object.is(row[name], before[name]))
    )
      return shared;
    const { facets, isWhole } = readFacets(row, { sourceType, path });
    last = isWhole ? { row, facets } : undefined;
    return facets;
  };
  return (row) => {
    const path = cellText(row[pathColumn]);
    if (path === undefined || path === "") return invalid(`it has no ${pathColumn}`);
    const facets = facetsOf(row, path);
    const id = cellText(row["instance_id"]) ?? madeId(sourceType, facets);
    if (id === undefined || id === "") return invalid(lackingIdentity(sourceType, facets));
    const facts = fileFacts(row, { sourceType, path });
    if (!facts.ok) return facts;
    return ok({ ...facts.value, path, id, finalised: isFinalised(row), facets });
  };
}

/** @returns `isWhole`: all of it comes from the row's facets, nothing from its path */
function readFacets(
  row: CatalogRow,
  { sourceType, path }: { readonly sourceType: SourceType; readonly path: string },
): { readonly facets: Facets; readonly isWhole: boolean } {
  const facets: Record<string, string> = {};
  let isWhole = true;
  for (const { name, origin } of sourceType.facets) {
    const text = cellText(row[name]);
    if (text !== undefined) facets[name] = text;
    else if (origin === "path" && !(name in row) && name !== "instance_id") isWhole = false;
  }
  // Versions are written without their `v` in some catalogs, which have no ids.
  const { version } = facets;
  if (version !== undefined && /^\d+$/.test(version) && cellText(row["instance_id"]) === undefined)
    facets["version"] = `v${version}`;
  if (isWhole) return { facets, isWhole };
  const named = sourceType.parsePath(path)?.facets ?? {};
  for (const [name, value] of Object.entries(named)) if (!(name in row)) facets[name] = value;
  return { facets: sourceType.deriveFacets(facets), isWhole };
}

/** The id of a row that has none. */
function madeId(sourceType: SourceType, facets: Facets): string | undefined {
  if (sourceType.identityFacets.some((name) => (facets[name] ?? "") === "")) return undefined;
  return datasetId(sourceType, { version: "v0", ...facets });
}

function lackingIdentity({ identityFacets }: SourceType, facets: Facets): string {
  const lacking = identityFacets.filter((name) => (facets[name] ?? "") === "");
  return `it has no instance_id, and none can be made without ${lacking.join(", ")}`;
}

type FileFacts = Pick<
  ParsedFile,
  "sizeBytes" | "mtimeMs" | "start" | "end" | "calendar" | "timeUnits" | "trackingId" | "contentId"
>;

function fileFacts(
  row: CatalogRow,
  { sourceType, path }: { readonly sourceType: SourceType; readonly path: string },
): Result<FileFacts> {
  const facts: FileTexts = {};
  for (const [member, column] of textColumns) {
    const text = cellText(row[column]);
    if (text !== undefined) facts[member] = text;
  }
  const problem = readTimes(row, { facts, sourceType, path }) ?? readNumbers(row, facts);
  if (problem !== undefined) return invalid(problem);
  facts.contentId ??= contentId(facts);
  return ok(facts);
}

type FileTexts = { -readonly [K in keyof FileFacts]: FileFacts[K] };

/** @returns what is wrong with the row's times, if anything */
function readTimes(
  row: CatalogRow,
  {
    facts,
    sourceType,
    path,
  }: { readonly facts: FileTexts; readonly sourceType: SourceType; readonly path: string },
): string | undefined {
  const named = "start_time" in row || "end_time" in row ? undefined : namedTimes(row, { sourceType, path });
  for (const [member, column] of timeColumns) {
    const text = timeText(row[column]) ?? named?.[member];
    if (text === false) return `its ${column} "${cellText(row[column])}" is no YYYY-MM-DD HH:MM:SS`;
    if (text !== undefined) facts[member] = text;
  }
  return undefined;
}

/** What the path tells, or else a column as a file name would tell it: `YYYYMM-YYYYMM`. */
function namedTimes(
  row: CatalogRow,
  { sourceType, path }: { readonly sourceType: SourceType; readonly path: string },
): NamedTimes | undefined {
  return sourceType.parsePath(path) ?? parseTimeRange(cellText(row[timeRangeColumn]) ?? "");
}

/** @returns what is wrong with the row's numbers, if anything */
function readNumbers(row: CatalogRow, facts: FileTexts): string | undefined {
  for (const [member, column] of numberColumns) {
    const text = cellText(row[column]);
    if (text === undefined || text === "") continue;
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 0) return `its ${column} "${text}" is no whole number`;
    facts[member] = value;
  }
  return undefined;
}

const timeColumns = [
  ["start", "start_time"],
  ["end", "end_time"],
] as const;

const numberColumns = [
  ["sizeBytes", "size_bytes"],
  ["mtimeMs", "mtime_ms"],
] as const;

const textColumns = [
  ["calendar", "calendar"],
  ["timeUnits", "time_units"],
  ["trackingId", "tracking_id"],
  ["contentId", "content_id"],
] as const;

/** False for a text that is no time in any calendar; an empty one is missing. */
function timeText(cell: Cell): string | undefined | false {
  const text = cellText(cell);
  if (text === undefined || text === "") return undefined;
  const dateTime = parseDateTime(text);
  return dateTime === undefined ? false : formatDateTime(dateTime);
}

function isFinalised(row: CatalogRow): boolean {
  const text = cellText(row["finalised"]);
  return text === undefined || !/^(?:false|0|no)$/i.test(text);
}

function invalid(reason: string): Result<never> {
  return err(new AlmanacError("FILE_INVALID", reason));
}
