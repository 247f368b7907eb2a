import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { AlmanacError } from "../../src/core/errors.ts";

/** What a peer says of one group. */
export interface ExpectedGroup {
  /** Source type → sorted dataset ids; undefined where only the hash is known. */
  readonly datasets?: Readonly<Record<string, readonly string[]>>;
  readonly compatHash: string;
}

/** A peer's groups of one diagnostic by key; several may share one. */
export type ExpectedGroups = ReadonlyMap<string, readonly ExpectedGroup[]>;

/** The peer's groups of a diagnostic from `<folder>/<provider>/<diagnostic>.json`; undefined when there is no file. */
export function expectedGroups(folder: string, name: string): ExpectedGroups | undefined {
  const file = path.join(folder, `${name}.json`);
  if (!existsSync(file)) return undefined;
  const groups = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, ExpectedGroup>>;
  return new Map(Object.entries(groups).map(([key, group]) => [key, [group]]));
}

/**
 * Reads a table of hashes, gzipped or not, with the columns provider, diagnostic, dataset_key, hash.
 * @returns `provider/diagnostic` → its groups
 * @throws ENVIRONMENT_INVALID when it lacks a column
 */
export function readHashes(file: string): ReadonlyMap<string, ExpectedGroups> {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  const [header = [], ...rows] = text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
  const columns = ["provider", "diagnostic", "dataset_key", "hash"].map((name) => header.indexOf(name));
  if (columns.includes(-1))
    throw new AlmanacError(
      "ENVIRONMENT_INVALID",
      `${file} lacks a column; it has ${header.join(", ")}, and needs provider, diagnostic, dataset_key, hash`,
    );
  const groups = rows.map((row) => columns.map((at) => row[at] ?? ""));
  return new Map(
    [...Map.groupBy(groups, ([provider, diagnostic]) => `${provider}/${diagnostic}`)].map(
      ([name, ofDiagnostic]) => [
        name,
        new Map(
          [...Map.groupBy(ofDiagnostic, ([, , key]) => key ?? "")].map(([key, same]) => [
            key,
            same.map(([, , , hash]) => ({ compatHash: hash ?? "" })),
          ]),
        ),
      ],
    ),
  );
}
