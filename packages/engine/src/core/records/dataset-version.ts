import { AlmanacError } from "../errors.ts";
import { parseRid, type Rid } from "../identity/rid.ts";

/** Which part of a version a release raises. */
export type VersionBump = "major" | "minor" | "patch";

/** Version of the first release, unless another one is given. */
export const firstVersion = "0.1.0";

/** What names the draft of a dataset in the place of a version. */
export const draftName = "draft";

type Parts = readonly [major: number, minor: number, patch: number];

/** Parts of `major.minor.patch`, whole numbers without leading zeros; undefined for any other text. */
function partsOf(version: string): Parts | undefined {
  const [, major, minor, patch] =
    /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/.exec(version) ?? [];
  return patch === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/** True for `major.minor.patch`. */
export function isVersion(text: string): boolean {
  return partsOf(text) !== undefined;
}

/**
 * A version that must be one.
 * @throws USAGE when it is not `major.minor.patch`
 */
export function requireVersion(text: string): string {
  if (isVersion(text)) return text;
  throw new AlmanacError("USAGE", `"${text}" is not a version`, {
    hint: "versions of datasets are major.minor.patch, such as 0.1.0",
    facts: { version: text },
  });
}

/** Order of versions by number, oldest first; texts that are no versions come before all. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a) ?? [-1, 0, 0], partsOf(b) ?? [-1, 0, 0]];
  for (const at of [0, 1, 2] as const) if (left[at] !== right[at]) return left[at] - right[at];
  return 0;
}

/** The version after another: the part is raised, the ones behind it begin at 0. @throws USAGE when it is none */
export function bumpedVersion(version: string, bump: VersionBump): string {
  const [major, minor, patch] = partsOf(requireVersion(version)) as Parts;
  if (bump === "major") return `${major + 1}.0.0`;
  return bump === "minor" ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** A dataset as it is named: with a version, as its draft, or neither. */
export interface DatasetSpec {
  readonly rid: Rid;
  /** `major.minor.patch` or `draft`. */
  readonly version?: string;
}

/** Reads `RID`, `RID@version` or `RID@draft`; undefined for any other text. */
export function parseDatasetSpec(text: string): DatasetSpec | undefined {
  const [name = "", version, ...rest] = text.split("@");
  const rid = parseRid(name);
  if (rid === undefined || rest.length > 0) return undefined;
  if (version === undefined) return { rid };
  return isVersion(version) || version === draftName ? { rid, version } : undefined;
}

/** `RID@version`, or the RID alone. */
export function datasetSpecText({ rid, version }: DatasetSpec): string {
  return version === undefined ? rid : `${rid}@${version}`;
}
