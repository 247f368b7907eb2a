import type { Owner } from "../../core/execution/record.ts";
import type { ExecutionState, FailureClass } from "../../core/execution/state.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { History, PastExecution, PastGroup } from "../../core/solver/history.ts";
import type { PastName } from "../../core/solver/memory/remembered-ruling.ts";
import type { Connection } from "./connection.ts";
import { abortReasonOf, countSystemFailures, ownerOf } from "./execution-rows.ts";
import { readHistoryMark } from "./marks.ts";
import { PinnedContents } from "./pinned-inputs.ts";
import { optionalRid, ridText } from "./rids.ts";
import type { ExecutionRow, GroupRow } from "./schema.ts";

type PastRow = Pick<
  ExecutionRow,
  | "id"
  | "group_id"
  | "state"
  | "live"
  | "fingerprint"
  | "compat_hash"
  | "parameters_digest"
  | "failure_class"
  | "failure_signature"
  | "abort_reason"
  | "held"
  | "owner"
>;

type PastGroupRow = Pick<
  GroupRow,
  | "id"
  | "provider"
  | "diagnostic"
  | "version"
  | "selector_digest"
  | "dirty"
  | "dirty_reason"
  | "current_execution"
  | "forgiven_execution"
>;

const groupColumns = `id, provider, diagnostic, version, selector_digest, dirty, dirty_reason, current_execution,
  forgiven_execution`;

const pastColumns = `id, group_id, state, live, fingerprint, compat_hash, parameters_digest, failure_class,
  failure_signature, abort_reason, held, owner`;

/**
 * Reads every group, or those named, with its executions. The input datasets of an execution are read when they are
 * asked for, which is seldom: the solver wants them only where a fingerprint differs.
 */
export function readHistory(
  connection: Connection,
  {
    alive,
    names,
  }: { readonly alive: (owner: Owner) => boolean; readonly names: readonly PastName[] | undefined },
): History {
  return connection.read(() => {
    const groups = names === undefined ? allGroups(connection) : namedGroups(connection, names);
    const executions =
      names === undefined
        ? connection.all<PastRow>(`select ${pastColumns} from execution order by group_id, id`)
        : groups.flatMap(({ id }) =>
            connection.all<PastRow>(
              `select ${pastColumns} from execution where group_id = ? order by id`,
              id,
            ),
          );
    const byGroup = Map.groupBy(executions, (row) => row.group_id);
    const others = { isAlive: oncePerOwner(alive), contents: new PinnedContents(connection) };
    return {
      mark: readHistoryMark(connection),
      groups: groups.map((row) => pastGroup(row, { executions: byGroup.get(row.id) ?? [], others })),
    };
  });
}

function allGroups(connection: Connection): readonly PastGroupRow[] {
  return connection.all<PastGroupRow>(`select ${groupColumns} from execution_group order by id`);
}

function namedGroups(connection: Connection, names: readonly PastName[]): readonly PastGroupRow[] {
  const found = names.flatMap(({ provider, diagnostic, version, selectorDigest }) => {
    const given = { provider, diagnostic, version, selector_digest: selectorDigest };
    const conditions = Object.entries(given).filter((entry) => entry[1] !== undefined);
    return connection.all<PastGroupRow>(
      `select ${groupColumns} from execution_group where ${conditions.map(([column]) => `${column} = ?`).join(" and ")}`,
      ...conditions.map(([, value]) => value as string | number),
    );
  });
  const byId = new Map(found.map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

/** What rows alone do not say. */
interface Others {
  readonly isAlive: (owner: string) => boolean;
  readonly contents: PinnedContents;
}

function pastGroup(
  row: PastGroupRow,
  { executions, others }: { readonly executions: readonly PastRow[]; readonly others: Others },
): PastGroup {
  const fingerprint = executions.at(-1)?.fingerprint ?? "";
  return {
    rid: ridText(row.id),
    provider: row.provider,
    diagnostic: row.diagnostic,
    version: row.version,
    selectorDigest: row.selector_digest,
    dirty: row.dirty === 1,
    dirtyReason: row.dirty_reason ?? undefined,
    current: optionalRid(row.current_execution),
    systemFailures: countSystemFailures(executions, { fingerprint, forgiven: row.forgiven_execution }),
    executions: executions.map((execution) => new PastRowExecution(execution, others)),
  };
}

/** A class, as there are as many of them as executions: objects with a getter each take longer to make. */
class PastRowExecution implements PastExecution {
  readonly rid: Rid;
  readonly state: ExecutionState;
  readonly fingerprint: string;
  readonly compatHash: string;
  readonly failureClass: FailureClass | undefined;
  readonly failureSignature: string | undefined;
  readonly abortReason: PastExecution["abortReason"];
  readonly held: boolean;
  readonly alive: boolean;
  readonly parametersDigest: string;
  readonly #others: Others;
  readonly #id: number;
  #datasets: PastExecution["datasets"] | undefined;

  constructor(row: PastRow, others: Others) {
    this.rid = ridText(row.id);
    this.state = row.state as ExecutionState;
    this.fingerprint = row.fingerprint;
    this.compatHash = row.compat_hash;
    this.failureClass = (row.failure_class ?? undefined) as FailureClass | undefined;
    this.failureSignature = row.failure_signature ?? undefined;
    this.abortReason = abortReasonOf(row.abort_reason);
    this.held = row.held === 1;
    this.alive = row.live === 1 && row.owner !== null && others.isAlive(row.owner);
    this.parametersDigest = row.parameters_digest;
    this.#others = others;
    this.#id = row.id;
  }

  get datasets(): PastExecution["datasets"] {
    // What an execution was given never changes, so that reading it later gives the same.
    return (this.#datasets ??= this.#others.contents.of(this.#id));
  }
}

function oncePerOwner(alive: (owner: Owner) => boolean): (text: string) => boolean {
  const answers = new Map<string, boolean>();
  return (text) => {
    const owner = ownerOf(text);
    const known = answers.get(text) ?? (owner !== undefined && alive(owner));
    answers.set(text, known);
    return known;
  };
}
