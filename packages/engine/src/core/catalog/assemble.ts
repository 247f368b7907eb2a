import { compareCodeUnits } from "../identity/compare.ts";
import { contentId } from "./content-id.ts";
import type { Dataset, DatasetFile, Facets } from "./dataset.ts";
import { overlapWarnings, reversalWarnings } from "./file-overlap.ts";
import type { ParsedFile } from "./parse-file.ts";
import type { SourceType } from "./source-type.ts";

/** One dataset made of its files, or why it is none; warnings in any case. */
export interface Assembled {
  readonly dataset?: Dataset;
  /** Why the dataset is invalid: the facet, its values and the files that have them. */
  readonly invalid?: string;
  readonly warnings: readonly string[];
}

/** Facets that may differ between files without a word: each file keeps its own. */
const fileFacets: ReadonlySet<string> = new Set(["calendar", "time_units", "version", "instance_id"]);

/**
 * Merges the files of one dataset id. Headers that disagree among the files on a facet usable in filters or group-by make it
 * invalid; on any other facet the first file's value in path order is kept, with a warning; a file that lacks a facet
 * disagrees with none. A header that disagrees with its path gives a warning and changes nothing. The dataset is finalised
 * when every file is.
 * @param files at least one, all of one id, in any order; of two with one path the last counts
 */
export function assembleDataset(sourceType: SourceType, files: readonly ParsedFile[]): Assembled {
  const ordered = [...new Map(files.map((file) => [file.path, file])).values()].sort((a, b) =>
    compareCodeUnits(a.path, b.path),
  );
  const [first] = ordered;
  if (first === undefined) return { invalid: "no files", warnings: [] };
  const conflicts = identityConflicts(sourceType, ordered);
  const merged = mergedFacets(ordered, new Set(filterableFacets(sourceType)));
  const times = [...reversalWarnings(ordered), ...overlapWarnings(ordered)];
  const warnings = [...headerWarnings(sourceType, ordered), ...merged.warnings, ...times];
  if (conflicts.length > 0) return { invalid: conflicts.join("; "), warnings };
  const dataset: Dataset = {
    sourceType: sourceType.name,
    id: first.id,
    facets: { ...merged.facets, instance_id: first.id },
    finalised: ordered.every((file) => file.finalised),
    files: ordered.map(storedFile),
  };
  return { dataset, warnings };
}

/** Facets known from the path, hence usable in filters and group-by. */
function filterableFacets(sourceType: SourceType): readonly string[] {
  const names = sourceType.facets.filter((facet) => facet.origin === "path").map((facet) => facet.name);
  return names.filter((name) => !fileFacets.has(name));
}

function identityConflicts(sourceType: SourceType, files: readonly ParsedFile[]): readonly string[] {
  const [first] = files;
  if (files.every((file) => file.headerFacets === undefined && file.facets === first?.facets)) return [];
  return filterableFacets(sourceType).flatMap((facet) => {
    // Headers are compared with headers: against the path they may differ, if only they agree.
    const headers = firstByValue(files, (file) => file.headerFacets?.[facet]);
    const values = headers.size > 1 ? headers : firstByValue(files, (file) => file.facets[facet]);
    return values.size > 1 ? [`the files disagree on ${facet}: ${listed(values)}`] : [];
  });
}

/** Value → path of the first file that has it, in path order. */
function firstByValue(
  files: readonly ParsedFile[],
  valueOf: (file: ParsedFile) => string | undefined,
): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const file of files) {
    const value = valueOf(file);
    if (value !== undefined && !paths.has(value)) paths.set(value, file.path);
  }
  return paths;
}

function listed(values: ReadonlyMap<string, string>): string {
  return [...values].map(([value, path]) => `"${value}" (${path})`).join(", ");
}

function headerWarnings(sourceType: SourceType, files: readonly ParsedFile[]): readonly string[] {
  return filterableFacets(sourceType).flatMap((facet) => {
    const path = files.find((file) => {
      const value = file.headerFacets?.[facet];
      return value !== undefined && value !== file.facets[facet];
    });
    if (path === undefined) return [];
    const told = `the path says ${facet} "${path.facets[facet]}", the header "${path.headerFacets?.[facet]}"`;
    return [`${told}; the path counts (${path.path})`];
  });
}

/** First values in path order; differences are reported except for `quiet` facets, which are judged elsewhere. */
function mergedFacets(
  files: readonly ParsedFile[],
  quiet: ReadonlySet<string>,
): { readonly facets: Facets; readonly warnings: readonly string[] } {
  const [first] = files;
  // Rows of a catalog share what they have in common: nothing to compare.
  if (first !== undefined && files.every((file) => file.facets === first.facets))
    return { facets: first.facets, warnings: [] };
  const names = [...new Set(files.flatMap((file) => Object.keys(file.facets)))].sort(compareCodeUnits);
  const facets: Record<string, string> = {};
  const warnings: string[] = [];
  for (const name of names) {
    const values = firstByValue(files, (file) => file.facets[name]);
    const [value] = values.keys();
    if (value !== undefined) facets[name] = value;
    if (values.size > 1 && !fileFacets.has(name) && !quiet.has(name))
      warnings.push(`the files differ in ${name}, the first counts: ${listed(values)}`);
  }
  return { facets, warnings };
}

function storedFile(file: ParsedFile): DatasetFile {
  const { id: _id, finalised: _finalised, facets: _facets, headerFacets: _headerFacets, ...facts } = file;
  return { ...facts, contentId: file.contentId ?? contentId(file) };
}
