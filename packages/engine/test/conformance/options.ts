import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { AlmanacError } from "../../src/core/errors.ts";
import type { Calendars } from "./peer-requirements.ts";
import { conformanceFolder } from "./shared-folder.ts";

/** What a comparison is made from. */
export interface ConformanceOptions {
  /** Folder with one catalog file per source type, named after it. */
  readonly catalogs: string;
  readonly requirements: string;
  /** Ignore list; undefined: none. */
  readonly ignore: string | undefined;
  /** Folder with `<provider>/<diagnostic>.json`; undefined: nothing to compare with. */
  readonly expected: string | undefined;
  /** Gzipped table of hashes; undefined: none. */
  readonly hashes: string | undefined;
  readonly calendars: Calendars;
  readonly json: boolean;
}

/** How the command is called. */
export const usage =
  "usage: npm run conformance [-- --catalogs DIR --requirements FILE --ignore FILE --expected DIR --hashes TSV --calendars by-spelling|by-meaning --json]";

/**
 * Reads the arguments; what is not given is that of the peers' cases beside the repository.
 * @throws USAGE for unknown arguments, ENVIRONMENT_INVALID naming every file and folder that is not there
 */
export function conformanceOptions(args: readonly string[]): ConformanceOptions {
  const given = parsed(args);
  const calendars = given.calendars ?? "by-spelling";
  if (calendars !== "by-spelling" && calendars !== "by-meaning")
    throw new AlmanacError("USAGE", `--calendars is by-spelling or by-meaning, not "${calendars}"`);
  const ofCases = (name: string): string => path.join(conformanceFolder, name);
  const usual = (name: string): string | undefined => (existsSync(ofCases(name)) ? ofCases(name) : undefined);
  const options = {
    catalogs: given.catalogs ?? ofCases("catalogs"),
    requirements: given.requirements ?? ofCases("solve/requirements.json"),
    ignore: given.ignore ?? usual("solve/ignore.yaml"),
    expected: given.expected ?? usual("solve/expected"),
    hashes: given.hashes,
    calendars,
    json: given.json ?? false,
  } as const;
  const missing = [
    options.catalogs,
    options.requirements,
    options.ignore,
    options.expected,
    options.hashes,
  ].filter((each) => each !== undefined && !existsSync(each));
  if (missing.length === 0) return options;
  throw new AlmanacError("ENVIRONMENT_INVALID", `there is no ${missing.join(", no ")}`, {
    hint: "name the files and folders: npm run conformance -- --catalogs DIR --requirements FILE …",
  });
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        catalogs: text,
        requirements: text,
        ignore: text,
        expected: text,
        hashes: text,
        calendars: text,
        json: { type: "boolean" },
      },
    }).values;
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new AlmanacError("USAGE", cause.message, { hint: usage, cause });
  }
}
