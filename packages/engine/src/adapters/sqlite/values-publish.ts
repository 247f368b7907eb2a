import { AlmanacError } from "../../core/errors.ts";
import type { SolverDefinition } from "../../core/execution/definition.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { digestOf } from "../../core/identity/digest.ts";
import type { Scalar, Series } from "../../core/results/value.ts";
import type { ExecutionResults, Publication } from "../../ports/value-catalog.ts";
import { findRecorded, recordUse, takeFolder } from "./adopted-run.ts";
import { publishAssets } from "./asset-rows.ts";
import type { Connection } from "./connection.ts";
import { DefinitionStore } from "./definitions.ts";
import { findGroup, insertExecution, insertGroup } from "./execution-record.ts";
import { latestExecution } from "./execution-rows.ts";
import { appendChange, applyTransition, setDirty } from "./execution-transition.ts";
import { linkUsedDatasets } from "./pinned-inputs.ts";
import { adoptRid, assetNumber, ridText, valueNumber } from "./rids.ts";
import { flagOf, orderedJson } from "./row-values.ts";
import { adoptRun, linkUsedAssets } from "./run-record.ts";
import { publishDatasets } from "./staged-datasets.ts";
import { publishStaged } from "./staged-publish.ts";

/**
 * Stores all rows of one execution in place of those it has, and applies the transition. Call it inside a write
 * transaction.
 */
export function publishResults(connection: Connection, { results, transition }: Publication): void {
  const known = findRecorded(connection, results.definition);
  takeFolder(connection, { ...results.definition, known });
  const execution = known ?? adopt(connection, results);
  removeRows(connection, execution);
  insertValues(connection, execution, results);
  insertFiles(connection, execution, results);
  if (results.definition.origin !== undefined)
    publishAssets(connection, execution, { ...results, definition: results.definition });
  linkUsed(connection, execution, results);
  const { allowed, createdAt } = results.definition;
  const how = {
    execution,
    allowed,
    assetOf: assetFinder(execution, results),
    isReplay: transition === undefined,
  };
  const { features = [], records = [], datasets } = results.staged ?? {};
  publishStaged(connection, { ...how, features, records });
  if (datasets !== undefined) {
    const at = results.outcome?.states.find(({ state }) => state === "completed")?.at ?? createdAt;
    publishDatasets(connection, { ...how, records, staged: datasets, at });
  }
  if (known !== undefined && transition !== undefined)
    applyTransition(connection, { ...transition, rid: ridText(known) });
}

/** Links what a run took as inputs while it went on. */
function linkUsed(connection: Connection, execution: number, { staged }: ExecutionResults): void {
  linkUsedAssets(connection, { execution, inputs: staged?.inputs ?? [] });
  linkUsedDatasets(connection, { execution, datasets: staged?.inputDatasets ?? [] });
}

/** Finds the number of the asset that a file of the execution has become. */
function assetFinder(
  execution: number,
  { artifacts }: ExecutionResults,
): (path: string) => number | undefined {
  const positions = new Map(artifacts.map(({ path }, position) => [path, position]));
  return (path) => {
    const position = positions.get(path);
    return position === undefined ? undefined : assetNumber(execution, position);
  };
}

function adopt(connection: Connection, { definition, outcome }: ExecutionResults): number {
  const id =
    definition.origin === undefined
      ? adoptExecution(connection, definition)
      : adoptRun(connection, {
          definition,
          parametersDigest: digestOf(definition.parameters),
          state: "published",
        });
  if (outcome !== undefined) recordUse(connection, id, outcome);
  return id;
}

/** Records an execution that another catalog recorded, as published, with its group and its own RIDs where free. */
function adoptExecution(connection: Connection, definition: SolverDefinition): number {
  const identity = {
    provider: definition.provider.slug,
    diagnostic: definition.diagnostic.slug,
    version: definition.diagnostic.version,
    key: definition.group.key,
    selectorDigest: definition.group.selectorDigest ?? digestOf(orderedSelectors(definition)),
    selectors: definition.selectors,
  };
  const group =
    findGroup(connection, identity)?.id ??
    insertGroup(connection, {
      ...identity,
      id: adoptRid(connection, { kind: "execution-group", rid: definition.group.rid }),
    });
  const id = adoptRid(connection, { kind: "execution", rid: definition.rid });
  insertExecution(connection, {
    definition,
    ...{ id, group, state: "published", live: false, attempt: 0, held: false, owner: undefined },
    parametersDigest: digestOf(definition.parameters),
  });
  new DefinitionStore(connection).store(id, definition, { current: false });
  appendChange(connection, {
    execution: id,
    from: undefined,
    to: "published",
    at: definition.createdAt,
    message: "ingested from its results folder",
    actor: "user",
  });
  makeCurrent(connection, { id, group, createdAt: definition.createdAt });
  return id;
}

function orderedSelectors({
  selectors,
}: SolverDefinition): readonly (readonly [string, SolverDefinition["selectors"][string]])[] {
  return Object.entries(selectors).sort(([a], [b]) => compareCodeUnits(a, b));
}

/** Results folders come in any order: the one made last is current. */
function makeCurrent(
  connection: Connection,
  { id, group, createdAt }: { readonly id: number; readonly group: number; readonly createdAt: string },
): void {
  connection.run(
    `update execution_group set current_execution = ?1 where id = ?2 and not exists (
       select 1 from execution where execution.id = current_execution
       and (execution.created_at > ?3 or (execution.created_at = ?3 and execution.id > ?1)))`,
    id,
    group,
    createdAt,
  );
  if (latestExecution(connection, group) === id) setDirty(connection, group, { value: false });
}

function removeRows(connection: Connection, execution: number): void {
  const axes = connection.all<{ digest: string }>(
    `select distinct axis_digest as digest from series
     join stored_value on stored_value.id = value_id where execution_id = ?`,
    execution,
  );
  for (const table of ["stored_value", "output", "artifact"])
    connection.run(`delete from ${table} where execution_id = ?`, execution);
  for (const { digest } of axes)
    connection.run(
      "delete from axis where digest = ?1 and not exists (select 1 from series where axis_digest = ?1)",
      digest,
    );
}

function insertValues(
  connection: Connection,
  execution: number,
  { scalars, series }: ExecutionResults,
): void {
  scalars.forEach((scalar, position) => {
    insertScalar(connection, { id: valueNumber(execution, position), execution, scalar });
  });
  series.forEach((each, position) => {
    insertSeries(connection, {
      id: valueNumber(execution, scalars.length + position),
      execution,
      series: each,
    });
  });
}

const insertValue = `insert into stored_value
  (id, execution_id, form, kind, dimensions, number, units, attributes) values (?, ?, ?, ?, ?, ?, ?, ?)`;

function insertScalar(
  connection: Connection,
  { id, execution, scalar }: { readonly id: number; readonly execution: number; readonly scalar: Scalar },
): void {
  requireFinite([scalar.value], execution);
  connection.run(
    insertValue,
    id,
    execution,
    "scalar",
    scalar.kind,
    orderedJson(scalar.dimensions),
    scalar.value,
    scalar.units ?? null,
    orderedJson(scalar.attributes),
  );
}

function insertSeries(
  connection: Connection,
  { id, execution, series }: { readonly id: number; readonly execution: number; readonly series: Series },
): void {
  requireFinite([...series.values, ...series.index], execution);
  connection.run(
    insertValue,
    id,
    execution,
    "series",
    series.kind,
    orderedJson(series.dimensions),
    null,
    series.valueUnits ?? null,
    orderedJson(series.attributes),
  );
  connection.run(
    "insert into series (value_id, axis_digest, numbers, long_name, reference_id) values (?, ?, ?, ?, ?)",
    id,
    storeAxis(connection, series),
    JSON.stringify(series.values),
    series.valueLongName ?? null,
    series.referenceId ?? null,
  );
}

/** Stores an axis unless an equal one is there. @returns its digest */
function storeAxis(connection: Connection, { index, indexName, indexUnits, calendar }: Series): string {
  const digest = digestOf([indexName, indexUnits ?? null, calendar ?? null, index]);
  connection.run(
    "insert into axis (digest, name, units, calendar, points) values (?, ?, ?, ?, ?) on conflict do nothing",
    digest,
    indexName,
    indexUnits ?? null,
    calendar ?? null,
    JSON.stringify(index),
  );
  return digest;
}

function insertFiles(
  connection: Connection,
  execution: number,
  { outputs, artifacts }: ExecutionResults,
): void {
  outputs.forEach((output, position) => {
    connection.run(
      `insert into output (execution_id, position, kind, short_name, path, long_name, description, dimensions)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
      execution,
      position,
      output.kind,
      output.shortName,
      output.path,
      output.longName,
      output.description,
      orderedJson(output.dimensions),
    );
  });
  artifacts.forEach((artifact, position) => {
    connection.run(
      `insert into artifact (execution_id, position, name, path, kind, types, mode, metadata, description,
       keep_on_failure, size_bytes, sha256) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      execution,
      position,
      artifact.name,
      artifact.path,
      artifact.kind,
      JSON.stringify(artifact.types),
      artifact.mode,
      orderedJson(artifact.metadata),
      artifact.description,
      flagOf(artifact.keepOnFailure),
      artifact.sizeBytes ?? null,
      artifact.sha256 ?? null,
    );
  });
}

/** Neither a column nor JSON can hold NaN: it would silently become "missing". */
function requireFinite(values: readonly (number | string | null)[], execution: number): void {
  const bad = values.find((value) => typeof value === "number" && !Number.isFinite(value));
  if (bad === undefined) return;
  throw new AlmanacError(
    "BUNDLE_INVALID",
    `execution ${ridText(execution)} has the value ${bad}, which cannot be stored`,
    {
      hint: "write missing values as null",
      facts: { execution: ridText(execution), value: String(bad) },
    },
  );
}
