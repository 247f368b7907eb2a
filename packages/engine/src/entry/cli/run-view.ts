import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunReport } from "../../app/records/run-once.ts";
import { AlmanacError } from "../../core/errors.ts";
import type { RunDefinition } from "../../core/execution/definition.ts";
import { dryRunRid, type Rid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import { resultsPath } from "../../core/records/asset.ts";
import type { Terminal } from "./terminal.ts";

/** Environment variable that names the file for the RIDs of a run. */
const saveVariable = "ALMANAC_SAVE_EXECUTION_RID";

/**
 * Adds one `name=value` of the command line to those before it; the value is JSON if it can be, else text.
 * @throws USAGE when there is no `=`
 */
export function parameterOf(
  text: string,
  previous: Readonly<Record<string, Json>> = {},
): Readonly<Record<string, Json>> {
  const at = text.indexOf("=");
  if (at <= 0) throw new AlmanacError("USAGE", `"${text}" is no parameter`, { hint: "write -p name=value" });
  return { ...previous, [text.slice(0, at)]: valueOf(text.slice(at + 1)) };
}

function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Writes the RIDs of catalog, workflow and execution to where the environment asks for them, whole or not at all. */
export function saveRids(
  definition: RunDefinition,
  { terminal, catalogFile }: { readonly terminal: Terminal; readonly catalogFile: string },
): void {
  const asked = terminal.environment[saveVariable];
  if (asked === undefined || asked === "") return;
  const file = path.resolve(terminal.cwd, asked);
  const { rid, workflow } = definition;
  const text = `${JSON.stringify({ formatVersion: 1, catalog: catalogFile, workflow: workflow.rid, execution: rid })}\n`;
  writeFileSync(`${file}.tmp`, text);
  renameSync(`${file}.tmp`, file);
}

/** What a run stored, for people. */
export function runText({
  definition,
  state,
  failure,
  stored,
  parts = [],
}: Pick<RunReport, "definition" | "state" | "failure" | "stored"> &
  Partial<Pick<RunReport, "parts">>): string {
  const { rid, workflow, code, fragment } = definition;
  const version = workflow.version === undefined ? "" : ` ${workflow.version}`;
  return [
    `${rid}  ${state}  ${fragment}`,
    ...(failure === undefined ? [] : [`failure (${failure.class}) ${failure.code}: ${failure.message}`]),
    ...(state === "failed" && rid !== dryRunRid ? [`  to do: ${afterFailure(rid, failure)}`] : []),
    `workflow  ${workflow.rid}  ${workflow.name}${version}  ${workflow.url}${code.dirty ? "  (dirty)" : ""}`,
    ...definition.datasets.map(({ sourceType, id }) => `dataset   ${sourceType}  ${id}`),
    ...definition.assets.map(({ rid: asset, fileName }) => `input     ${asset}  ${fileName}`),
    ...stored.map(
      (asset) =>
        `stored    ${asset.rid}  ${asset.kind}  ${placeOf(asset, fragment)}  ${asset.sizeBytes} bytes`,
    ),
    ...partLines(parts),
  ].join("\n");
}

/** What may succeed if it is tried again is resumed; else the log tells more. */
function afterFailure(rid: Rid, failure: RunReport["failure"]): string {
  const log = `almanac logs ${rid}`;
  return failure?.class === "system" ? `${log}; almanac run --resume ${rid}` : log;
}

/** Several files of a run may have one name: their places in it tell them apart. */
function placeOf({ url, fileName }: RunReport["stored"][number], fragment: string): string {
  const path = resultsPath(url);
  return path?.startsWith(`${fragment}/`) === true ? path.slice(fragment.length + 1) : fileName;
}

/** Parts that did not end well that are named; `--json` names all. */
const namedParts = 20;

function partLines(parts: RunReport["parts"]): readonly string[] {
  if (parts.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { state } of parts) counts.set(state, (counts.get(state) ?? 0) + 1);
  const bad = parts.filter(({ state }) => state === "failed" || state === "aborted");
  const named = bad.slice(0, namedParts).map(({ rid, state, failure }) => {
    const why = failure === undefined ? "" : `  (${failure.class}) ${failure.code}: ${failure.message}`;
    return `part      ${rid}  ${state}${why}`;
  });
  const more = bad.length > namedParts ? [`part      and ${bad.length - namedParts} more`] : [];
  const told = [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
  return [`parts     ${told}`, ...named, ...more];
}

/** The report of a run in the form that `--json` gives. */
export function runValue({ definition, state, failure, stored, remarks, parts }: RunReport): object {
  const { rid, workflow, code, fragment, description, datasets, assets } = definition;
  return {
    rid,
    state,
    ...(failure === undefined ? {} : { failure }),
    fragment,
    description,
    workflow,
    code,
    inputs: { datasets: datasets.map(({ sourceType, id }) => ({ sourceType, id })), assets },
    stored,
    parts,
    remarks,
  };
}
