import type { Facets } from "../core/catalog/dataset.ts";
import type { Snapshot, SourceTable } from "../core/catalog/snapshot.ts";
import type { Diagnostic } from "../core/diagnostic/diagnostic.ts";
import { AlmanacError, Defect } from "../core/errors.ts";
import type { ExecutionDefinition, InputDataset, InputFile } from "../core/execution/definition.ts";
import { fragmentOf } from "../core/execution/fragment.ts";
import { compareCodeUnits } from "../core/identity/compare.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import type { Decision } from "../core/solver/plan.ts";
import { formatDateTime, unpackDateTime } from "../core/time/date-time.ts";
import type { LoadedProvider } from "./loaded-provider.ts";

/** What definitions of one solve have in common. */
export interface DefinitionContext {
  readonly snapshot: Snapshot;
  readonly vocabulary: Vocabulary;
  readonly createdAt: string;
}

/**
 * The definition of the execution that a decision asks for, its inputs pinned from the snapshot.
 * @returns a function of the RIDs, which are known only inside the recording transaction
 * @throws PROVIDER_INVALID when the diagnostic's own `command` throws
 */
export function executionDefiner(
  { decision, loaded, diagnostic }: { decision: Decision; loaded: LoadedProvider; diagnostic: Diagnostic },
  context: DefinitionContext,
): (rids: { readonly group: Rid; readonly execution: Rid }) => ExecutionDefinition {
  const datasets = pinnedInputs(decision, { diagnostic, snapshot: context.snapshot });
  return ({ group, execution }) => {
    const frame: ExecutionDefinition = {
      formatVersion: 1,
      rid: execution,
      group: { rid: group, key: decision.key },
      provider: { slug: decision.provider, version: decision.providerVersion },
      diagnostic: { slug: diagnostic.slug, version: diagnostic.version, name: diagnostic.name },
      fragment: fragmentOf({
        provider: decision.provider,
        diagnostic: diagnostic.slug,
        selectors: decision.selectors,
        group,
        execution,
      }),
      selectors: decision.selectors,
      datasets,
      fingerprint: decision.fingerprint,
      compatHash: decision.compatHash,
      parameters: diagnostic.parameters,
      limits: diagnostic.limits,
      computation: { kind: "function", module: loaded.module },
      vocabulary: context.vocabulary,
      createdAt: context.createdAt,
    };
    return diagnostic.computation.kind === "function" ? frame : withCommand(frame, diagnostic);
  };
}

function withCommand(frame: ExecutionDefinition, diagnostic: Diagnostic): ExecutionDefinition {
  if (diagnostic.computation.kind !== "command") throw new Defect("a function has no command line");
  try {
    return { ...frame, computation: { kind: "command", argv: diagnostic.computation.command(frame) } };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AlmanacError("PROVIDER_INVALID", `the command of ${frame.provider.slug}/${diagnostic.slug} threw: ${why}`, {
      hint: "correct the provider's command function",
      cause,
    });
  }
}

function pinnedInputs(
  decision: Decision,
  { diagnostic, snapshot }: { diagnostic: Diagnostic; snapshot: Snapshot },
): readonly InputDataset[] {
  const requirements = diagnostic.requirementSets[decision.set] ?? [];
  return Object.entries(decision.datasets)
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .flatMap(([name, ids]) => {
      const requirement = requirements.find((each) => requirementName(each) === name);
      const types = requirement === undefined ? [...snapshot.tables.keys()] : [requirement.sourceType].flat();
      return ids.map((id) => pinnedInput({ requirement: name, id, types }, snapshot));
    });
}

function requirementName({ name, sourceType }: { readonly name?: string; readonly sourceType: string | readonly string[] }): string {
  return name ?? [sourceType].flat()[0] ?? "";
}

function pinnedInput(
  { requirement, id, types }: { requirement: string; id: string; types: readonly string[] },
  snapshot: Snapshot,
): InputDataset {
  for (const type of types) {
    const table = snapshot.tables.get(type);
    const index = table === undefined ? -1 : indexOfId(table, id);
    if (table !== undefined && index >= 0) {
      const facets = facetsOf(table, index);
      return { requirement, sourceType: type, id, version: facets["version"] ?? "", facets, files: filesOf(table, index) };
    }
  }
  throw new Defect(`dataset ${id} of a decision is not in its snapshot`);
}

/** Position of an id in the table, by bisection of its code-unit order; −1 if it is not there. */
function indexOfId(table: SourceTable, id: string): number {
  let low = 0;
  let high = table.ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareCodeUnits(table.ids[middle] ?? "", id);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function facetsOf(table: SourceTable, index: number): Facets {
  const facets: Record<string, string> = {};
  for (const [name, column] of table.facets) {
    const value = column.values[column.codes[index] ?? -1];
    if (value !== undefined) facets[name] = value;
  }
  return facets;
}

function filesOf(table: SourceTable, index: number): readonly InputFile[] {
  const files: InputFile[] = [];
  const end = table.fileOffsets[index + 1] ?? 0;
  for (let row = table.fileOffsets[index] ?? 0; row < end; row += 1) files.push(fileOf(table, row));
  return files;
}

function fileOf(table: SourceTable, row: number): InputFile {
  const calendar = table.calendar.values[table.calendar.codes[row] ?? -1];
  const start = table.start[row] ?? Number.NaN;
  const end = table.end[row] ?? Number.NaN;
  return {
    path: table.paths[row] ?? "",
    contentId: table.contentIds[row] ?? "none",
    ...(Number.isNaN(start) ? {} : { start: formatDateTime(unpackDateTime(start)) }),
    ...(Number.isNaN(end) ? {} : { end: formatDateTime(unpackDateTime(end)) }),
    ...(calendar === undefined ? {} : { calendar }),
  };
}
