import { Defect } from "../../core/errors.ts";
import type { ExecutionDefinition, InputDataset } from "../../core/execution/definition.ts";
import { digestOf, sha256Hex } from "../../core/identity/digest.ts";
import type { Encodable } from "../../core/identity/encode.ts";
import type { AllowedRecords } from "../../core/records/allowed-records.ts";
import type { Vocabulary } from "../../core/results/vocabulary.ts";
import type { Connection } from "./connection.ts";
import { storedJson } from "./row-values.ts";
import { inputOf, type StoredInput, storedInput } from "./stored-input.ts";

/** An input dataset as a definition holds it: what many executions share is a document of its own. */
type PinnedInput = InputDataset | { readonly requirement: string; readonly shared: string };

/** What the rows of an input dataset are made of, the same for every execution that has it. */
interface SharedInput {
  readonly digest: string;
  readonly contentIds: string;
}

/** Stores what a batch of definitions has in common once, and remembers what it has seen. */
export class DefinitionStore {
  readonly #connection: Connection;
  readonly #vocabularies = new Map<Vocabulary, string>();
  readonly #inputs = new Map<InputDataset, SharedInput>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Stores a definition and its input datasets. Call it inside a write transaction. */
  store(execution: number, definition: ExecutionDefinition): void {
    const { vocabulary, datasets, allowed, ...body } = definition;
    const inputs = datasets.map((dataset) => this.#sharedInput(dataset));
    const stored = datasets.map(({ requirement }, at): PinnedInput => {
      return { requirement, shared: (inputs[at] as SharedInput).digest };
    });
    this.#connection.run(
      "insert into execution_definition (execution_id, vocabulary_digest, body) values (?, ?, ?)",
      execution,
      this.#vocabularyDigest(vocabulary),
      JSON.stringify({
        ...body,
        datasets: stored,
        ...(allowed === undefined ? {} : { allowed: this.#allowedDigest(allowed) }),
      }),
    );
    datasets.forEach((dataset, position) => {
      this.#connection.run(
        `insert into execution_dataset
         (execution_id, position, requirement, source_type, instance_id, content_ids) values (?, ?, ?, ?, ?, ?)`,
        execution,
        position,
        dataset.requirement,
        dataset.sourceType,
        dataset.id,
        (inputs[position] as SharedInput).contentIds,
      );
    });
  }

  #vocabularyDigest(vocabulary: Vocabulary): string {
    const known = this.#vocabularies.get(vocabulary);
    if (known !== undefined) return known;
    const body = JSON.stringify(vocabulary);
    const digest = digestOf(storedJson<Encodable>(body));
    this.#share(digest, body);
    this.#vocabularies.set(vocabulary, digest);
    return digest;
  }

  /** Many runs may add to the same features. */
  #allowedDigest(allowed: AllowedRecords): string {
    const body = JSON.stringify(allowed);
    const digest = sha256Hex(body);
    this.#share(digest, body);
    return digest;
  }

  #sharedInput(dataset: InputDataset): SharedInput {
    const known = this.#inputs.get(dataset);
    if (known !== undefined) return known;
    const { files, ...others } = dataset;
    const body = JSON.stringify(storedInput({ ...others, files }));
    const digest = sha256Hex(body);
    this.#share(digest, body);
    const contentIds = JSON.stringify(files.map(({ contentId }) => contentId));
    const input = { digest, contentIds };
    this.#inputs.set(dataset, input);
    return input;
  }

  #share(digest: string, body: string): void {
    this.#connection.run(
      "insert into shared_document (digest, body) values (?, ?) on conflict do nothing",
      digest,
      body,
    );
  }
}

/** The definition of an execution as it was recorded. */
export function readDefinition(connection: Connection, execution: number): ExecutionDefinition | undefined {
  const row = connection.get<{ definition: string; vocabulary: string }>(
    `select execution_definition.body as definition, shared_document.body as vocabulary
     from execution_definition join shared_document on digest = vocabulary_digest where execution_id = ?`,
    execution,
  );
  if (row === undefined) return undefined;
  const { allowed, ...body } = storedJson<StoredDefinition>(row.definition);
  const datasets = body.datasets.map((dataset) => readInput(connection, dataset));
  return {
    ...body,
    ...(allowed === undefined ? {} : { allowed: readShared<AllowedRecords>(connection, allowed) }),
    datasets,
    vocabulary: storedJson<Vocabulary>(row.vocabulary),
  };
}

type Stored<D> = D extends ExecutionDefinition
  ? Omit<D, "vocabulary" | "datasets" | "allowed"> & {
      readonly datasets: readonly PinnedInput[];
      /** Digest of the document that says what may be added to. */
      readonly allowed?: string;
    }
  : never;
type StoredDefinition = Stored<ExecutionDefinition>;

/** Definitions of older programs hold their datasets themselves. */
function readInput(connection: Connection, stored: PinnedInput): InputDataset {
  if (!("shared" in stored)) return stored;
  const { requirement, shared } = stored;
  return inputOf(readShared<StoredInput>(connection, shared), requirement);
}

/** A document that definitions share. */
function readShared<T>(connection: Connection, digest: string): T {
  const row = connection.get<{ body: string }>("select body from shared_document where digest = ?", digest);
  if (row === undefined) throw new Defect(`the catalog has lost the document ${digest} of a definition`);
  return storedJson<T>(row.body);
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
