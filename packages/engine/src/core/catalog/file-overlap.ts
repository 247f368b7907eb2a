import { compareCodeUnits } from "../identity/compare.ts";

/** What overlap detection needs of a file. */
export interface TimedFile {
  readonly path: string;
  readonly trackingId?: string;
  /** Times in the form that compares as text: `YYYY-MM-DD HH:MM:SS`. */
  readonly start?: string;
  readonly end?: string;
}

/** Warnings about files that end before they start. */
export function reversalWarnings(files: readonly TimedFile[]): readonly string[] {
  const reversed = files.filter(({ start = "", end }) => end !== undefined && end < start);
  return reversed.map(({ path, start, end }) => `a file ends before it starts: ${path} (${start} to ${end})`);
}

/**
 * Warnings about files of one dataset that seem to be copies (same file name, or same tracking_id
 * and times: files cut out of one file keep its tracking_id) and about files whose
 * time ranges overlap, each naming both files. A copy is not reported as overlapping too.
 * @param files in path order
 */
export function overlapWarnings(files: readonly TimedFile[]): readonly string[] {
  const kept: TimedFile[] = [];
  const warnings: string[] = [];
  const firstBy = new Map<string, TimedFile>();
  for (const file of files) {
    const keys = duplicateKeys(file);
    const twin = keys.map((key) => firstBy.get(key)).find((other) => other !== undefined);
    for (const key of keys) if (!firstBy.has(key)) firstBy.set(key, file);
    if (twin === undefined) kept.push(file);
    else warnings.push(`duplicate files: ${twin.path} and ${file.path}`);
  }
  return [...warnings, ...timeOverlaps(kept)];
}

function duplicateKeys({ path, trackingId, start, end }: TimedFile): readonly string[] {
  const name = `name:${path.slice(path.lastIndexOf("/") + 1)}`;
  return trackingId === undefined ? [name] : [name, `tracking:${trackingId} ${start} ${end}`];
}

function timeOverlaps(files: readonly TimedFile[]): readonly string[] {
  const timed = files
    .filter((file) => file.start !== undefined)
    .sort((a, b) => compareCodeUnits(a.start ?? "", b.start ?? ""));
  const warnings: string[] = [];
  let latest: TimedFile | undefined;
  for (const file of timed) {
    // The file that reaches farthest so far: a short file inside a long one must not hide the next overlap.
    if (latest !== undefined && (file.start ?? "") <= (latest.end ?? ""))
      warnings.push(`overlapping files: ${latest.path} and ${file.path}`);
    if (latest === undefined || (file.end ?? "") > (latest.end ?? "")) latest = file;
  }
  return warnings;
}
