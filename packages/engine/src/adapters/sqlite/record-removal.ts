import { AlmanacError } from "../../core/errors.ts";
import type { ExecutionState } from "../../core/execution/state.ts";
import type { Rid } from "../../core/identity/rid.ts";
import { parseFeatureName } from "../../core/records/feature.ts";
import type { RecordRemoval, RecordUse } from "../../ports/record-removal.ts";
import { type AssetPlace, bagFilesOfExecutions, finishBagFiles, noteUnused } from "./bag-files.ts";
import type { Connection } from "./connection.ts";
import { requireOwnVocabulary, usesOfRecordType, usesOfVocabulary } from "./declaration-uses.ts";
import { deleteExecutions } from "./execution-delete.ts";
import { requireExecution } from "./execution-transition.ts";
import { requireRecordTypeRow } from "./record-declarations.ts";
import { usesOfExecutions, usesOfRecord } from "./record-uses.ts";
import { deleteReleased } from "./released-show.ts";
import { type RecordKind, resolveRid, ridNumber, ridText } from "./rids.ts";
import type { ExecutionRow } from "./schema.ts";
import { requireVocabulary, termsOf } from "./term-rows.ts";

/** Users that an error names. */
const named = 8;

/** States in which nothing works on an execution any more. */
const ended: ReadonlySet<ExecutionState> = new Set(["published", "failed", "aborted"]);

/** Deleting records in SQLite. */
export class SqliteRecordRemoval implements RecordRemoval {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async usesOfExecutions(rids: readonly Rid[], limit: number): Promise<readonly RecordUse[]> {
    return this.#connection.read(() => {
      const rows = this.#required(rids);
      return this.#usesOf(rows).slice(0, limit);
    });
  }

  async executions(rids: readonly Rid[]): Promise<void> {
    await this.#connection.write("catalog.delete", () => {
      const rows = this.#required(rids);
      refuseUsed(
        this.#usesOf(rows),
        "almanac impact RID; --recursive takes the parts of an execution with it",
      );
      // An execution that came with a bag may name the folder of one of this catalog: that stays as long as either does.
      this.#connection.run(
        `insert into removal (fragment) select distinct fragment from execution
         where id in (select value from json_each(?1))
         and fragment not in (select fragment from execution where id not in (select value from json_each(?1)))
         on conflict do nothing`,
        JSON.stringify(rows.map(({ id }) => id)),
      );
      const files = bagFilesOfExecutions(
        this.#connection,
        rows.map(({ id }) => id),
      );
      deleteExecutions(this.#connection, rows);
      noteUnused(this.#connection, files);
    });
  }

  async asset(rid: Rid): Promise<void> {
    await this.#connection.write("catalog.delete", () => {
      const id = this.#numberOf("asset", rid);
      const row = this.#connection.get<AssetPlace & { readonly made_by: number | null }>(
        "select made_by, url, sha256 from asset where id = ?",
        id,
      );
      if (row === undefined) throw unknown("asset", rid, "almanac assets list");
      const made =
        row.made_by === null ? [] : [{ of: rid, as: "is a file of execution", by: ridText(row.made_by) }];
      const inputs = this.#users(
        "select distinct execution_id as id from execution_asset where asset_id = ? and role = 'Input' order by id",
        id,
      ).map((by) => ({ of: rid, as: "is an input of execution", by }));
      refuseUsed([...made, ...inputs, ...usesOfRecord(this.#connection, id)], `almanac assets show ${rid}`);
      this.#connection.run("delete from asset where id = ?", id);
      this.#forget(id);
      noteUnused(this.#connection, [row]);
    });
  }

  async workflow(rid: Rid): Promise<void> {
    await this.#connection.write("catalog.delete", () => {
      const id = this.#numberOf("workflow", rid);
      if (this.#connection.get("select 1 from workflow where id = ?", id) === undefined)
        throw unknown("workflow", rid, "almanac workflows list");
      const users = this.#users("select id from execution where workflow_id = ? order by id", id);
      refuseUsed(
        users.map((by) => ({ of: rid, as: "is the workflow of execution", by })),
        `almanac workflows show ${rid}`,
      );
      this.#connection.run("delete from workflow where id = ?", id);
      this.#forget(id);
    });
  }

  async dataset(rid: Rid): Promise<void> {
    await this.#connection.write("catalog.delete", () => {
      const id = this.#numberOf("dataset", rid);
      if (this.#connection.get("select 1 from authored_dataset where id = ?", id) === undefined)
        throw unknown("authored dataset", rid, "almanac datasets list");
      // Executions name a version, RID@version or RID@draft: what sorts after RID@ and before RIDA.
      const users = this.#users(
        `select distinct execution_id as id from dataset join execution_dataset
         on execution_dataset.instance_id > dataset.instance_id || '@'
         and execution_dataset.instance_id < dataset.instance_id || 'A'
         where dataset.id = ? order by execution_id`,
        id,
      );
      const inputs = users.map((by) => ({ of: rid, as: "is an input of execution", by }));
      refuseUsed([...inputs, ...usesOfRecord(this.#connection, id)], `almanac impact ${rid}`);
      deleteReleased(this.#connection, id);
      this.#connection.run("delete from authored_dataset where id = ?", id);
      this.#connection.run("delete from dataset where id = ?", id);
      this.#forget(id);
    });
  }

  async feature(name: string): Promise<void> {
    await this.#connection.write("catalog.delete", () => {
      const { target, name: own } = parseFeatureName(name);
      const found = "select id from feature where target_name = ? and name = ?";
      const row = this.#connection.get<{ id: number }>(found, target, own);
      if (row === undefined) throw unknown("feature", name, "almanac features list");
      const users = this.#users(
        "select distinct execution_id as id from feature_record where feature_id = ? order by id",
        row.id,
      );
      refuseUsed(
        users.map((by) => ({ of: name, as: "has values of execution", by })),
        `almanac features values ${name}`,
      );
      this.#connection.run("delete from feature where id = ?", row.id);
    });
  }

  async vocabulary(name: string): Promise<void> {
    requireOwnVocabulary(name);
    await this.#connection.write("catalog.delete", () => {
      const vocabulary = requireVocabulary(this.#connection, name);
      refuseUsed(usesOfVocabulary(this.#connection, vocabulary), `almanac vocab show ${name}`);
      for (const { rid } of termsOf(this.#connection, vocabulary)) {
        this.#connection.run("delete from term where id = ?", ridNumber(rid));
        this.#forget(ridNumber(rid));
      }
      this.#connection.run("delete from vocabulary where id = ?", vocabulary.id);
      this.#forget(vocabulary.id);
    });
  }

  async recordType(name: string): Promise<void> {
    await this.#connection.write("catalog.delete", () => {
      const type = requireRecordTypeRow(this.#connection, name);
      refuseUsed(usesOfRecordType(this.#connection, type), `almanac records list ${name}`);
      this.#connection.run("delete from record_type where id = ?", type.id);
    });
  }

  async pending(): Promise<readonly string[]> {
    return this.#connection
      .all<{ fragment: string }>("select fragment from removal order by fragment")
      .map(({ fragment }) => fragment);
  }

  async finishBagFiles(path: string, remove: () => void): Promise<void> {
    await this.#connection.write("catalog.delete", () => finishBagFiles(this.#connection, path, remove));
  }

  async done(fragment: string): Promise<void> {
    await this.#connection.write("catalog.delete", () => {
      this.#connection.run("delete from removal where fragment = ?", fragment);
    });
  }

  /** Each once. @throws UNKNOWN_NAME, TRANSITION_REFUSED */
  #required(rids: readonly Rid[]): readonly ExecutionRow[] {
    const rows = new Map(
      rids.map((rid) => requireExecution(this.#connection, rid)).map((row) => [row.id, row]),
    );
    for (const { id, state } of rows.values())
      if (!ended.has(state as ExecutionState)) throw notEnded(ridText(id), state);
    return [...rows.values()];
  }

  #usesOf(rows: readonly ExecutionRow[]): readonly RecordUse[] {
    return usesOfExecutions(
      this.#connection,
      rows.map(({ id }) => id),
    );
  }

  #numberOf(kind: RecordKind, rid: Rid): number {
    return resolveRid(this.#connection, { kind, rid })[0] ?? ridNumber(rid);
  }

  #users(sql: string, id: number): readonly Rid[] {
    return this.#connection.all<{ id: number }>(sql, id).map((row) => ridText(row.id));
  }

  #forget(id: number): void {
    this.#connection.run("delete from record where id = ?", id);
  }
}

function notEnded(rid: Rid, state: string): AlmanacError {
  return new AlmanacError(
    "TRANSITION_REFUSED",
    `execution ${rid} is ${state}: only what has ended can be deleted`,
    {
      hint: `almanac executions cancel ${rid}, or almanac publish ${rid}`,
      facts: { rid, state },
    },
  );
}

function unknown(what: string, name: string, hint: string): AlmanacError {
  return new AlmanacError("UNKNOWN_NAME", `there is no ${what} ${name}`, { hint, facts: { name } });
}

/** @throws IN_USE */
function refuseUsed(uses: readonly RecordUse[], hint: string): void {
  if (uses.length === 0) return;
  const shown = uses.slice(0, named).map(({ of, as, by }) => `${of} ${as} ${by}`);
  const more = uses.length > named ? `; and ${uses.length - named} more` : "";
  throw new AlmanacError("IN_USE", `nothing was deleted: ${shown.join("; ")}${more}`, {
    hint,
    facts: { uses: uses.slice(0, 100) },
  });
}
