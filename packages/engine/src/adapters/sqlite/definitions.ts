import { Defect } from "../../core/errors.ts";
import type { ExecutionDefinition, InputDataset, SolverDefinition } from "../../core/execution/definition.ts";
import { digestOf, sha256Hex } from "../../core/identity/digest.ts";
import type { Encodable } from "../../core/identity/encode.ts";
import type { AllowedRecords } from "../../core/records/allowed-records.ts";
import type { Vocabulary } from "../../core/results/vocabulary.ts";
import type { Connection } from "./connection.ts";
import { PinnedInputs, readInput, readInputs } from "./pinned-inputs.ts";
import { ridText } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { ExecutionRow, GroupRow } from "./schema.ts";

/**
 * A definition as it is stored: what others share is a document of its own, input datasets are counted (older programs
 * named or held them).
 */
type Stored<D> = D extends ExecutionDefinition
  ? Omit<D, "vocabulary" | "datasets" | "allowed"> & {
      readonly datasets:
        | number
        | readonly (InputDataset | { readonly requirement: string; readonly shared: string })[];
      /** Digest of the document that says what may be added to. */
      readonly allowed?: string;
    }
  : never;

/** What the rows of an execution and its group do not say of a definition of the solver's. */
type StoredRest = Pick<
  Stored<SolverDefinition>,
  "formatVersion" | "parameters" | "limits" | "computation" | "datasets" | "allowed"
> & { readonly diagnosticName: string };

/** Stores what a batch of definitions has in common once, and remembers what it has seen. */
export class DefinitionStore {
  readonly #connection: Connection;
  readonly #inputs: PinnedInputs;
  readonly #vocabularies = new Map<Vocabulary, string>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#inputs = new PinnedInputs(connection);
  }

  /**
   * Stores a definition and its input datasets. Call it inside a write transaction.
   * @param how.current whether those are what the catalog's datasets are now
   */
  // allow-parameters: what of whom, and how
  store(execution: number, definition: ExecutionDefinition, how: { readonly current: boolean }): void {
    const { vocabulary, datasets, allowed, ...body } = definition;
    this.#insert(execution, vocabulary, { ...body, ...this.#shared(allowed), datasets: datasets.length });
    this.#inputs.store(execution, datasets, how);
  }

  /**
   * Stores of a definition, whose execution and group have been made for it, only what their rows do not say. Call it inside
   * a write transaction.
   * @param how.current as of `store`
   */
  // allow-parameters: what of whom, and how
  storeRest(execution: number, definition: SolverDefinition, how: { readonly current: boolean }): void {
    const { formatVersion, parameters, limits, computation, datasets, allowed } = definition;
    const rest: StoredRest = {
      ...{ formatVersion, parameters, limits, computation },
      ...this.#shared(allowed),
      diagnosticName: definition.diagnostic.name,
      datasets: datasets.length,
    };
    this.#insert(execution, definition.vocabulary, rest);
    this.#inputs.store(execution, datasets, how);
  }

  // allow-parameters: the columns of the row
  #insert(execution: number, vocabulary: Vocabulary, body: object): void {
    this.#connection.run(
      "insert into execution_definition (execution_id, vocabulary_digest, body) values (?, ?, ?)",
      execution,
      this.#vocabularyDigest(vocabulary),
      JSON.stringify(body),
    );
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
  #shared(allowed: AllowedRecords | undefined): { readonly allowed?: string } {
    if (allowed === undefined) return {};
    const body = JSON.stringify(allowed);
    const digest = sha256Hex(body);
    this.#share(digest, body);
    return { allowed: digest };
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
  const stored = storedJson<Stored<ExecutionDefinition> | StoredRest>(row.definition);
  const { allowed, ...body } =
    "diagnosticName" in stored ? wholeOf(connection, { execution, stored }) : stored;
  const { datasets } = body;
  return {
    ...body,
    ...(allowed === undefined ? {} : { allowed: readShared<AllowedRecords>(connection, allowed) }),
    datasets:
      typeof datasets === "number"
        ? readInputs(connection, { execution, count: datasets })
        : datasets.map((dataset) => ("shared" in dataset ? readInput(connection, dataset) : dataset)),
    vocabulary: storedJson<Vocabulary>(row.vocabulary),
  };
}

/** The rest of a definition with what the rows say. */
function wholeOf(
  connection: Connection,
  { execution, stored }: { readonly execution: number; readonly stored: StoredRest },
): Stored<SolverDefinition> {
  const row = connection.get<ExecutionRow & Omit<GroupRow, "id">>(
    `select execution_group.*, execution.* from execution join execution_group on execution_group.id = group_id
     where execution.id = ?`,
    execution,
  );
  if (row === undefined) throw new Defect(`execution ${ridText(execution)} has no group`);
  const { diagnosticName, ...rest } = stored;
  return {
    ...rest,
    rid: ridText(execution),
    group: { rid: ridText(row.group_id as number), key: row.group_key, selectorDigest: row.selector_digest },
    provider: { slug: row.provider, version: row.provider_version },
    diagnostic: { slug: row.diagnostic, version: row.version, name: diagnosticName },
    fragment: row.fragment,
    selectors: storedJson(row.selectors),
    fingerprint: row.fingerprint,
    compatHash: row.compat_hash,
    createdAt: row.created_at,
  };
}

/** A document that definitions share. */
function readShared<T>(connection: Connection, digest: string): T {
  const row = connection.get<{ body: string }>("select body from shared_document where digest = ?", digest);
  if (row === undefined) throw new Defect(`the catalog has lost the document ${digest} of a definition`);
  return storedJson<T>(row.body);
}
