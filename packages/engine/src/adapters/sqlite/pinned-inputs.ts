import { Defect } from "../../core/errors.ts";
import type { InputDataset } from "../../core/execution/definition.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { Connection } from "./connection.ts";
import { contentIdsIn, type DatasetContent, inputOfContent } from "./dataset-content.ts";
import { storedJson } from "./row-values.ts";
import { inputOfStored, type StoredInput, storedInput } from "./stored-input.ts";

/** Body of a pinned input; of one that is what a dataset is now, that dataset's content. */
const body = `coalesce(pinned_input.body, (select body from dataset_content
  where dataset_content.dataset_id = pinned_input.dataset_id))`;

/** Stores input datasets, each once however many executions have it, and remembers what it has seen. */
export class PinnedInputs {
  readonly #connection: Connection;
  readonly #numbers = new Map<InputDataset, number>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Stores the datasets that an execution begins with. Call it inside a write transaction.
   * @param how.current whether they are what the catalog's datasets are now: those are named, and written down only when
   * they change
   */
  // allow-parameters: what of whom, and how
  store(
    execution: number,
    datasets: readonly InputDataset[],
    { current }: { readonly current: boolean },
  ): void {
    for (const [position, dataset] of datasets.entries())
      this.#connection.run(
        "insert into execution_input (execution_id, position, requirement, input_id) values (?, ?, ?, ?)",
        execution,
        position,
        dataset.requirement,
        this.#numberOf(dataset, current),
      );
  }

  #numberOf(dataset: InputDataset, current: boolean): number {
    const known =
      this.#numbers.get(dataset) ??
      (current ? nameCurrent(this.#connection, dataset) : undefined) ??
      storePinned(this.#connection, dataset);
    this.#numbers.set(dataset, known);
    return known;
  }
}

/** Number of the input that is what a dataset is now; undefined for one whose files are not the catalog's own. */
function nameCurrent(connection: Connection, dataset: InputDataset): number | undefined {
  if (dataset.authored !== undefined) return undefined;
  const { sourceType, id } = dataset;
  const row =
    connection.get<{ id: number }>(
      `insert into pinned_input (source_type, instance_id, dataset_id)
       select source_type, instance_id, id from dataset
       where source_type = ? and instance_id = ? and origin = 'ingested'
       on conflict do nothing returning id`,
      sourceType,
      id,
    ) ??
    connection.get<{ id: number }>(
      `select pinned_input.id from pinned_input join dataset on dataset.id = dataset_id
       where dataset.source_type = ? and dataset.instance_id = ?`,
      sourceType,
      id,
    );
  return row?.id;
}

/** Writes down what executions were given of a dataset, before files are added to it. Call it inside a write transaction. */
export function writeDown(connection: Connection, dataset: number): void {
  connection.run(
    `update pinned_input set dataset_id = null, body = (select body from dataset_content where dataset_id = ?1)
     where dataset_id = ?1`,
    dataset,
  );
}

/** Number of a dataset as it is pinned; stored if it is the first with this content. */
function storePinned(connection: Connection, dataset: InputDataset): number {
  // Asked for once: files may be made when they are asked for.
  const { files, ...others } = dataset;
  const stored = JSON.stringify(storedInput({ ...others, files }));
  const digest = sha256Hex(stored);
  const inserted = connection.get<{ id: number }>(
    `insert into pinned_input (digest, source_type, instance_id, content_ids, body) values (?, ?, ?, ?, ?)
     on conflict do nothing returning id`,
    digest,
    dataset.sourceType,
    dataset.id,
    JSON.stringify(files.map(({ contentId }) => contentId)),
    stored,
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
  const rows = connection.all<Omit<PinnedRow, "body"> & { body: string | null; requirement: string }>(
    `select requirement, source_type, instance_id, ${body} as body
     from execution_input join pinned_input on pinned_input.id = input_id
     where execution_id = ? order by position limit ?`,
    execution,
    count,
  );
  return rows.map((row) => {
    if (row.body === null) throw new Defect(`the catalog has lost an input of execution ${execution}`);
    return inputOf({ ...row, body: row.body }, row.requirement);
  });
}

/** What a pinned input is read from. */
interface PinnedRow {
  readonly source_type: string;
  readonly instance_id: string;
  readonly body: string;
}

function inputOf({ source_type, instance_id, body }: PinnedRow, requirement: string): InputDataset {
  const stored = storedJson<StoredInput | DatasetContent>(body);
  if ("sourceType" in stored) return inputOfStored(stored, requirement);
  return inputOfContent(stored, { requirement, sourceType: source_type, id: instance_id });
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
  return inputOfStored(storedJson<StoredInput>(row.body), requirement);
}

/** Content ids of the files of inputs. They never change, so that those of an input are read once for all executions. */
export class PinnedContents {
  readonly #connection: Connection;
  readonly #known = new Map<number, readonly string[]>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** By the id of the dataset, in the order in which the execution was given them. */
  of(execution: number): Readonly<Record<string, readonly string[]>> {
    const rows = this.#connection.all<{ instance_id: string; input_id: number }>(
      "select instance_id, input_id from execution_dataset where execution_id = ? order by position",
      execution,
    );
    return Object.fromEntries(rows.map((row) => [row.instance_id, this.ofInput(row.input_id)]));
  }

  /** In the order of the paths. */
  ofInput(input: number): readonly string[] {
    const known = this.#known.get(input) ?? readContentIds(this.#connection, input);
    this.#known.set(input, known);
    return known;
  }
}

function readContentIds(connection: Connection, input: number): readonly string[] {
  const row = connection.get<{ content_ids: string | null; body: string | null }>(
    `select content_ids, case when content_ids is null then ${body} end as body from pinned_input where id = ?`,
    input,
  );
  if (row === undefined || (row.content_ids === null && row.body === null))
    throw new Defect(`the catalog has lost the input ${input} of executions`);
  return row.content_ids === null
    ? contentIdsIn(storedJson<DatasetContent>(row.body as string))
    : storedJson<readonly string[]>(row.content_ids);
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
