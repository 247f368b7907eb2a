import { AlmanacError } from "../../core/errors.ts";
import type { RunDefinition } from "../../core/execution/definition.ts";
import type { Owner } from "../../core/execution/record.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { InputAsset } from "../../core/records/asset.ts";
import type { NewInput, NewRun, RecordedRun } from "../../ports/run-catalog.ts";
import { insertInputAsset, linkAsset, sameFile } from "./asset-rows.ts";
import type { Connection } from "./connection.ts";
import { DefinitionStore } from "./definitions.ts";
import { insertExecution } from "./execution-record.ts";
import { appendChange, requireExecution } from "./execution-transition.ts";
import { insertNesting } from "./nesting.ts";
import { adoptRid, reserveRids, resolveRid, ridNumber, ridText, takeRid } from "./rids.ts";
import { insertWorkflow, registerWorkflow } from "./workflow-rows.ts";

/** Records a run. Call it inside a write transaction. */
export function recordRun(
  connection: Connection,
  { run, owner }: { readonly run: NewRun; readonly owner: Owner | undefined },
): RecordedRun {
  const parent = run.parent === undefined ? undefined : requireExecution(connection, run.parent.rid).id;
  const id = takeRid(connection, "execution");
  const inputs = run.inputs.map((input) => inputAsset(connection, input));
  // The time of registration is the run's, which only its definition says.
  const given = (workflow: number): RunDefinition =>
    run.define({
      execution: ridText(id),
      workflow: ridText(workflow),
      assets: inputs.map(ridText),
      reserved: ridText(reserved),
    });
  const reserved = reserveRids(connection, run.reserve);
  const workflow = registerWorkflow(connection, { workflow: run.workflow, at: given(1).createdAt });
  const definition = given(workflow.id);
  insertRun(connection, {
    ...{ id, definition, workflow: workflow.id, inputs, owner },
    parametersDigest: run.parametersDigest,
    state: "created",
  });
  if (parent !== undefined) insertNesting(connection, { parent, child: id, sequence: run.parent?.sequence });
  appendChange(connection, {
    ...{ execution: id, from: undefined, to: "created", at: definition.createdAt },
    ...{ message: "", actor: "user" },
  });
  return { definition, remarks: workflow.remarks };
}

/**
 * Records a run that another catalog recorded, as ended, with its own RIDs where they are free.
 * @returns its id
 */
export function adoptRun(
  connection: Connection,
  {
    definition,
    parametersDigest,
    state,
    inputs: given,
    message = "ingested from its results folder",
  }: {
    readonly definition: RunDefinition;
    readonly parametersDigest: string;
    readonly state: "published" | "failed";
    /** Default: those of the definition, made here where they are not. */
    readonly inputs?: readonly number[];
    /** How it came here. */
    readonly message?: string;
  },
): number {
  const { workflow, createdAt: at } = definition;
  const known = connection.get<{ id: number }>(
    "select id from workflow where url = ? and checksum = ?",
    workflow.url,
    workflow.checksum,
  );
  const workflowId = known?.id ?? adoptRid(connection, { kind: "workflow", rid: workflow.rid });
  if (known === undefined) insertWorkflow(connection, { id: workflowId, workflow, at });
  const id = adoptRid(connection, { kind: "execution", rid: definition.rid });
  const inputs = given ?? definition.assets.map((input) => adoptInput(connection, input));
  insertRun(connection, {
    ...{ id, definition, workflow: workflowId, inputs, owner: undefined, parametersDigest, state },
  });
  appendChange(connection, {
    ...{ execution: id, from: undefined, to: state, at, actor: "user", message },
  });
  return id;
}

function insertRun(
  connection: Connection,
  {
    inputs,
    workflow,
    state,
    ...row
  }: {
    readonly id: number;
    readonly definition: RunDefinition;
    readonly workflow: number;
    readonly inputs: readonly number[];
    readonly owner: Owner | undefined;
    readonly parametersDigest: string;
    readonly state: "created" | "published" | "failed";
  },
): void {
  insertExecution(connection, {
    ...{ ...row, workflow, state, group: null, live: state === "created", held: false, attempt: 0 },
  });
  new DefinitionStore(connection).store(row.id, row.definition, { current: false });
  for (const asset of inputs) linkAsset(connection, { execution: row.id, asset, role: "Input" });
}

function inputAsset(connection: Connection, { rid, ...input }: NewInput): number {
  if (rid === undefined) {
    const id = sameFile(connection, input) ?? takeRid(connection, "asset");
    if (sameFile(connection, input) === undefined) insertInputAsset(connection, { ...input, id });
    return id;
  }
  return assetId(connection, rid);
}

/** Id of an asset that is there. @throws UNKNOWN_NAME */
export function assetId(connection: Connection, rid: Rid): number {
  const id = resolveRid(connection, { kind: "asset", rid })[0] ?? ridNumber(rid);
  requireAsset(connection, { id, rid });
  return id;
}

/** Links inputs that a run took while it went on. */
export function linkUsedAssets(
  connection: Connection,
  { execution, inputs }: { readonly execution: number; readonly inputs: readonly InputAsset[] },
): void {
  for (const input of inputs)
    linkAsset(connection, { execution, asset: adoptInput(connection, input), role: "Input" });
}

/** Inputs that other runs made keep the RIDs that follow from those; their rows come with these runs. */
function adoptInput(connection: Connection, { rid, ...input }: InputAsset): number {
  const same = connection.get(
    "select 1 from asset where id = ? and sha256 = ?",
    ridNumber(rid),
    input.sha256,
  );
  if (same !== undefined) return ridNumber(rid);
  const known = sameFile(connection, input);
  if (known !== undefined) return known;
  const id = input.url.startsWith("results:") ? ridNumber(rid) : adoptRid(connection, { kind: "asset", rid });
  insertInputAsset(connection, { ...input, id });
  return id;
}

function requireAsset(connection: Connection, { id, rid }: { readonly id: number; readonly rid: Rid }): void {
  if (connection.get("select 1 from asset where id = ?", id) !== undefined) return;
  throw new AlmanacError("UNKNOWN_NAME", `there is no asset ${rid}`, {
    hint: "almanac assets list",
    facts: { rid },
  });
}
