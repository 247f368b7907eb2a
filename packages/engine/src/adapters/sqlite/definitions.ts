import type { ExecutionDefinition } from "../../core/execution/definition.ts";
import { digestOf } from "../../core/identity/digest.ts";
import type { Encodable } from "../../core/identity/encode.ts";
import type { Vocabulary } from "../../core/results/vocabulary.ts";
import type { Connection } from "./connection.ts";
import { storedJson } from "./row-values.ts";

/** Stores the vocabularies of a batch of definitions once, and remembers which it has seen. */
export class DefinitionStore {
  readonly #connection: Connection;
  readonly #digests = new Map<Vocabulary, string>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Stores a definition and its input datasets. Call it inside a write transaction. */
  store(execution: number, definition: ExecutionDefinition): void {
    const { vocabulary, ...body } = definition;
    this.#connection.run(
      "insert into execution_definition (execution_id, vocabulary_digest, body) values (?, ?, ?)",
      execution,
      this.#vocabularyDigest(vocabulary),
      JSON.stringify(body),
    );
    definition.datasets.forEach((dataset, position) => {
      this.#connection.run(
        `insert into execution_dataset
         (execution_id, position, requirement, source_type, instance_id, content_ids) values (?, ?, ?, ?, ?, ?)`,
        execution,
        position,
        dataset.requirement,
        dataset.sourceType,
        dataset.id,
        JSON.stringify(dataset.files.map(({ contentId }) => contentId)),
      );
    });
  }

  #vocabularyDigest(vocabulary: Vocabulary): string {
    const known = this.#digests.get(vocabulary);
    if (known !== undefined) return known;
    const body = JSON.stringify(vocabulary);
    const digest = digestOf(storedJson<Encodable>(body));
    this.#connection.run(
      "insert into shared_document (digest, body) values (?, ?) on conflict do nothing",
      digest,
      body,
    );
    this.#digests.set(vocabulary, digest);
    return digest;
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
  const body = storedJson<Omit<ExecutionDefinition, "vocabulary">>(row.definition);
  return { ...body, vocabulary: storedJson<Vocabulary>(row.vocabulary) };
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
