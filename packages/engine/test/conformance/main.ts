// npm run conformance: solves a peer's diagnostics on its catalogs and compares every group with the peer's answer.
// Exit code 0: nothing differs; 9: something does; 2: wrong arguments; 3: a file is not there or cannot be used.
import { errorKinds, isAlmanacError } from "../../src/core/errors.ts";
import { isDifferent } from "./compare.ts";
import { type Conformance, conform } from "./conform.ts";
import { conformanceOptions } from "./options.ts";

function lineOf({ provider, diagnostic, compared, ...found }: Conformance): string {
  const { matched, missing, extra, differing, groups, ms } = found;
  const counts = compared
    ? [matched, missing.length, extra.length, differing.length].map((count) => String(count).padStart(9))
    : [`${groups} groups, not compared`.padStart(36)];
  return `${`${provider}/${diagnostic}`.padEnd(52)}${counts.join("")}${ms.toFixed(0).padStart(9)}`;
}

function keyLines({ provider, diagnostic, missing, extra, differing }: Conformance): readonly string[] {
  const named = { missing, extra, differing };
  return Object.entries(named).flatMap(([what, keys]) =>
    keys.map((key) => `${what} ${provider}/${diagnostic} ${key}`),
  );
}

function printTable(all: readonly Conformance[]): void {
  const columns = ["matched", "missing", "extra", "differing", "ms"].map((name) => name.padStart(9));
  console.log(`${"".padEnd(52)}${columns.join("")}`);
  for (const each of all) console.log(lineOf(each));
  const sum = (count: (each: Conformance) => number): number =>
    all.reduce((total, each) => total + count(each), 0);
  for (const line of all.flatMap(keyLines)) console.log(line);
  const compared = all.filter((each) => each.compared);
  console.log(
    `${compared.length} of ${all.length} diagnostics compared; ${sum(({ matched }) => matched)} groups equal, ` +
      `${sum(({ missing }) => missing.length)} missing, ${sum(({ extra }) => extra.length)} extra, ` +
      `${sum(({ differing }) => differing.length)} differing; ${sum(({ ms }) => ms).toFixed(0)} ms`,
  );
}

/** The documented form. What has no peer's answer says so. */
function jsonOf(all: readonly Conformance[]): string {
  const diagnostics = all.map(({ groups, compared, ...comparison }) =>
    compared ? comparison : { ...comparison, compared, groups },
  );
  return JSON.stringify({ diagnostics }, null, 2);
}

try {
  const options = conformanceOptions(process.argv.slice(2));
  const all = await conform(options);
  if (options.json) console.log(jsonOf(all));
  else printTable(all);
  process.exitCode = all.some(isDifferent) ? 9 : 0;
} catch (error) {
  if (!isAlmanacError(error)) throw error;
  console.error(`${error.message}${error.hint === undefined ? "" : `\n${error.hint}`}`);
  process.exitCode = errorKinds[error.code].exit;
}
