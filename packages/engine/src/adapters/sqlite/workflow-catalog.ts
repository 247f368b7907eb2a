import { AlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { WorkflowIdentity } from "../../core/records/workflow.ts";
import type { TypesChange, Workflow, WorkflowCatalog, WorkflowQuery } from "../../ports/workflow-catalog.ts";
import type { Connection } from "./connection.ts";
import { contains, noLimit, queryBuilder, rowsOf } from "./queries.ts";
import { resolveRid, ridText } from "./rids.ts";
import type { WorkflowRow } from "./schema.ts";
import { registerWorkflow, typesOfWorkflow, workflowTypes } from "./workflow-rows.ts";

/** Workflows in SQLite. */
export class SqliteWorkflowCatalog implements WorkflowCatalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async workflow(rid: Rid): Promise<Workflow | undefined> {
    return this.#connection.read(() => {
      const id = this.#id(rid);
      return id === undefined ? undefined : this.#require(id);
    });
  }

  async list(query: WorkflowQuery): Promise<{ readonly items: readonly Workflow[]; readonly total: number }> {
    const found = await this.#found(query);
    return this.#connection.read(() => {
      const page = found
        .selectAll("workflow")
        .orderBy("workflow.id", "desc")
        .limit(query.limit ?? noLimit)
        .offset(query.offset ?? 0);
      const count = found.select(({ fn }) => fn.countAll<number>().as("total"));
      return {
        items: rowsOf<WorkflowRow>(this.#connection, page).map((row) => this.#workflowOf(row)),
        total: rowsOf(this.#connection, count)[0]?.total ?? 0,
      };
    });
  }

  async register(workflow: WorkflowIdentity, at: string) {
    return this.#connection.write("catalog.record", () => {
      const { id, remarks } = registerWorkflow(this.#connection, { workflow, at });
      return { workflow: this.#require(id), remarks };
    });
  }

  async describe(rid: Rid, description: string): Promise<void> {
    await this.#connection.write("catalog.record", () => {
      this.#connection.run(
        "update workflow set description = ? where id = ?",
        description,
        this.#requireId(rid),
      );
    });
  }

  async changeTypes(rid: Rid, change: TypesChange): Promise<readonly string[]> {
    return this.#connection.write("catalog.record", () => {
      const id = this.#requireId(rid);
      const before = this.#types(id);
      const next = new Set(this.#changed(before, change));
      this.#connection.run("delete from workflow_type where workflow_id = ?", id);
      for (const type of next)
        this.#connection.run("insert into workflow_type (workflow_id, type) values (?, ?)", id, type);
      return this.#types(id);
    });
  }

  #changed(before: readonly string[], change: TypesChange): readonly string[] {
    if ("set" in change) return this.#terms(change.set);
    if ("add" in change) return [...before, ...this.#terms(change.add)];
    // A type that came from another catalog may be no term here: it can go all the same.
    const foreign = change.remove.filter((type) => !before.includes(type));
    const removed = new Set([...change.remove, ...this.#terms(foreign)]);
    return before.filter((type) => !removed.has(type));
  }

  /** Names of the terms that spellings stand for. @throws UNKNOWN_NAME for the first that is none */
  #terms(spellings: readonly string[]): readonly string[] {
    return workflowTypes(this.#connection, spellings);
  }

  #types(id: number): readonly string[] {
    return typesOfWorkflow(this.#connection, id);
  }

  #id(rid: Rid): number | undefined {
    return resolveRid(this.#connection, { kind: "workflow", rid })[0];
  }

  #requireId(rid: Rid): number {
    const id = this.#id(rid);
    if (id !== undefined) return id;
    throw new AlmanacError("UNKNOWN_NAME", `there is no workflow ${rid}`, {
      hint: "almanac workflows list",
      facts: { rid },
    });
  }

  #require(id: number): Workflow {
    return this.#workflowOf(
      this.#connection.get<WorkflowRow>("select * from workflow where id = ?", id) as WorkflowRow,
    );
  }

  #workflowOf({ id, name, url, checksum, version, description, created_at }: WorkflowRow): Workflow {
    const counted = this.#connection.get<{ total: number }>(
      "select count(*) as total from execution where workflow_id = ?",
      id,
    );
    return {
      ...{ rid: ridText(id), name, url, checksum, description, createdAt: created_at },
      ...(version === null ? {} : { version }),
      types: this.#types(id),
      executions: counted?.total ?? 0,
    };
  }

  async #found({ name, type, url, checksum }: WorkflowQuery) {
    const db = await queryBuilder(this.#connection);
    let select = db.selectFrom("workflow").where((eb) => contains(eb, "workflow.name", { texts: name }));
    if (url !== undefined) select = select.where("workflow.url", "=", url);
    if (checksum !== undefined) select = select.where("workflow.checksum", "=", checksum);
    if (type !== undefined)
      select = select.where((eb) =>
        eb(
          "workflow.id",
          "in",
          eb
            .selectFrom("workflow_type")
            .select("workflow_id")
            .where("type", "in", [...type]),
        ),
      );
    return select;
  }
}
