import { Defect } from "../../core/errors.ts";
import type { InputDataset } from "../../core/execution/definition.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { Connection } from "./connection.ts";
import { storedJson } from "./row-values.ts";
import { inputOf, type StoredInput, storedInput } from "./stored-input.ts";

/** Stores input datasets, each once however many executions have it, and remembers what it has seen. */
export class PinnedInputs {
  readonly #connection: Connection;
  readonly #numbers = new Map<InputDataset, number>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Stores the datasets that an execution begins with. Call it inside a write transaction. */
  store(execution: number, datasets: readonly InputDataset[]): void {
    for (const [position, dataset] of datasets.entries())
      this.#connection.run(
        "insert into execution_input (execution_id, position, requirement, input_id) values (?, ?, ?, ?)",
        execution,
        position,
        dataset.requirement,
        this.#numberOf(dataset),
      );
  }

  #numberOf(dataset: InputDataset): number {
    const known = this.#numbers.get(dataset) ?? storePinned(this.#connection, dataset);
    this.#numbers.set(dataset, known);
    return known;
  }
}

/** Number of a dataset as it is pinned; stored if it is the first with this content. */
function storePinned(connection: Connection, dataset: InputDataset): number {
  // Asked for once: files may be made when they are asked for.
  const { files, ...others } = dataset;
  const body = JSON.stringify(storedInput({ ...others, files }));
  const digest = sha256Hex(body);
  const inserted = connection.get<{ id: number }>(
    `insert into pinned_input (digest, source_type, instance_id, content_ids, body) values (?, ?, ?, ?, ?)
     on conflict do nothing returning id`,
    digest,
    dataset.sourceType,
    dataset.id,
    JSON.stringify(files.map(({ contentId }) => contentId)),
    body,
  );
  const row =
    inserted ?? connection.get<{ id: number }>("select id from pinned_input where digest = ?", digest);
  if (row === undefined) throw new Defect(`the input ${dataset.id} was not stored`);
  return row.id;
}

/**
 * Makes datasets that a run took while it went on inputs of it, after those it began with; twice is once. Call it inside a
 * write transaction.
 */
export function linkUsedDatasets(
  connection: Connection,
  { execution, datasets }: { readonly execution: number; readonly datasets: readonly InputDataset[] },
): void {
  for (const dataset of datasets)
    connection.run(
      `insert into execution_input (execution_id, position, requirement, input_id)
       select ?1, coalesce(max(position) + 1, 0), ?2, ?3 from execution_input where execution_id = ?1
       having not exists (select 1 from execution_dataset
         where execution_id = ?1 and source_type = ?4 and instance_id = ?5)`,
      execution,
      dataset.requirement,
      storePinned(connection, dataset),
      dataset.sourceType,
      dataset.id,
    );
}

/** The datasets that an execution began with. @param count how many those are; what it took later comes after them */
export function readInputs(
  connection: Connection,
  { execution, count }: { readonly execution: number; readonly count: number },
): readonly InputDataset[] {
  const rows = connection.all<{ requirement: string; body: string | null }>(
    `select requirement, body from execution_input join pinned_input on pinned_input.id = input_id
     where execution_id = ? order by position limit ?`,
    execution,
    count,
  );
  return rows.map(({ requirement, body }) => {
    if (body === null) throw new Defect(`the catalog has lost an input of execution ${execution}`);
    return inputOf(storedJson<StoredInput>(body), requirement);
  });
}

/** An input dataset by the digest that definitions of older programs name it with. */
export function readInput(
  connection: Connection,
  { requirement, shared }: { readonly requirement: string; readonly shared: string },
): InputDataset {
  const row = connection.get<{ body: string | null }>(
    "select body from pinned_input where digest = ?",
    shared,
  );
  if (row?.body == null) throw new Defect(`the catalog has lost the document ${shared} of a definition`);
  return inputOf(storedJson<StoredInput>(row.body), requirement);
}

/** Input dataset ids of an execution with the content ids of their files. */
export function readContents(
  connection: Connection,
  execution: number,
): Readonly<Record<string, readonly string[]>> {
  const rows = connection.all<{ instance_id: string; content_ids: string }>(
    "select instance_id, content_ids from execution_dataset where execution_id = ? order by position",
    execution,
  );
  return Object.fromEntries(
    rows.map(({ instance_id, content_ids }) => [instance_id, storedJson<readonly string[]>(content_ids)]),
  );
}

/** Numbers of what an execution was given. */
export function pinnedBy(connection: Connection, execution: number): readonly number[] {
  return connection
    .all<{ id: number }>("select input_id as id from execution_input where execution_id = ?", execution)
    .map(({ id }) => id);
}

/** Removes those of some pinned inputs that no execution has any more. */
export function removeUnpinned(connection: Connection, numbers: Iterable<number>): void {
  for (const number of numbers)
    connection.run(
      "delete from pinned_input where id = ?1 and not exists (select 1 from execution_input where input_id = ?1)",
      number,
    );
}
