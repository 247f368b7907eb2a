import { AlmanacError } from "../errors.ts";
import { err, ok, type Result } from "../result.ts";
import type { Dataset, Facets } from "./dataset.ts";
import type { FileHeader, SourceType } from "./source-type.ts";

/** A file as a walk sees it, with its header if it was opened. */
export interface SeenFile {
  /** As it goes into the catalog, forward slashes. */
  readonly path: string;
  /** @units bytes */
  readonly sizeBytes?: number | undefined;
  /** @units ms */
  readonly mtimeMs?: number | undefined;
  readonly header?: FileHeader | undefined;
}

/** What one file tells about itself and its dataset. */
export interface ParsedFile {
  readonly path: string;
  readonly sizeBytes?: number;
  readonly mtimeMs?: number;
  readonly start?: string;
  readonly end?: string;
  readonly calendar?: string;
  readonly timeUnits?: string;
  readonly trackingId?: string;
  /** Set for files that the catalog knows already: their content id stays. */
  readonly contentId?: string;
  /** Id of the dataset it belongs to. */
  readonly id: string;
  /** True when it was opened. */
  readonly finalised: boolean;
  /** All facets; where path and header disagree, the path's. */
  readonly facets: Facets;
  /** What the header alone says, for comparing the files of a dataset; absent when it was not opened just now. */
  readonly headerFacets?: Facets;
}

/**
 * Reads one file's path and header. Facts of a matching path decide id and facets; the header adds what the path cannot tell,
 * and decides alone when the path does not match the template. Times are the header's once the file was opened.
 * @returns FILE_INVALID when required attributes or identity facets are missing, or an unopened path does not match
 */
export function parseFile(sourceType: SourceType, seen: SeenFile): Result<ParsedFile> {
  const lacking = lackingAttributes(sourceType, seen.header);
  if (lacking.length > 0) return invalid(`the file lacks the attributes ${lacking.join(", ")}`, { lacking });
  const named = sourceType.parsePath(seen.path);
  const headerFacets = seen.header === undefined ? undefined : sourceType.parseHeader(seen.header, seen.path);
  if (named === undefined && headerFacets === undefined)
    return invalid(`the path does not match the template of ${sourceType.name}`, { path: seen.path });
  const facets: Facets = { version: "v0", ...headerFacets, ...named?.facets };
  const missing = sourceType.identityFacets.filter((name) => (facets[name] ?? "") === "");
  if (missing.length > 0) return invalid(`the file does not tell ${missing.join(", ")}`, { missing });
  return ok({
    ...fileFacts(seen, named ?? {}),
    id: datasetId(sourceType, facets),
    finalised: headerFacets !== undefined,
    facets,
    ...(headerFacets === undefined ? {} : { headerFacets }),
  });
}

/** The id of a dataset: prefix, identity facets and version, joined by dots. */
export function datasetId(
  sourceType: Pick<SourceType, "idPrefix" | "identityFacets">,
  facets: Facets,
): string {
  const values = [...sourceType.identityFacets, "version"].map((name) => {
    const value = facets[name] ?? "";
    // As archives write it: "250 km" is 250km in an id.
    return name === "nominal_resolution" ? value.replaceAll(" ", "") : value;
  });
  return [sourceType.idPrefix, ...values].join(".");
}

/**
 * The files of a stored dataset as if parsed anew, for adding files to it or replacing some. What each header said by
 * itself is no longer known.
 */
export function parsedFilesOf(dataset: Dataset): readonly ParsedFile[] {
  const { id, finalised, facets } = dataset;
  return dataset.files.map((file) => ({ ...file, id, finalised, facets }));
}

function lackingAttributes(sourceType: SourceType, header: FileHeader | undefined): readonly string[] {
  if (header === undefined) return [];
  return sourceType.requiredAttributes.filter((name) => header.attributes[name] === undefined);
}

/** Facts of the file itself, without undefined members. */
function fileFacts(
  { path, sizeBytes, mtimeMs, header }: SeenFile,
  named: { readonly start?: string; readonly end?: string },
): Pick<
  ParsedFile,
  "path" | "sizeBytes" | "mtimeMs" | "start" | "end" | "calendar" | "timeUnits" | "trackingId"
> {
  const { start, end } = header ?? named;
  const { calendar, timeUnits } = header ?? {};
  const trackingId = header?.attributes["tracking_id"]?.trim();
  return {
    path,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(mtimeMs === undefined ? {} : { mtimeMs }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(calendar === undefined ? {} : { calendar }),
    ...(timeUnits === undefined ? {} : { timeUnits }),
    ...(trackingId === undefined || trackingId === "" ? {} : { trackingId }),
  };
}

function invalid(message: string, facts: Readonly<Record<string, unknown>>): Result<never> {
  return err(new AlmanacError("FILE_INVALID", message, { facts }));
}
