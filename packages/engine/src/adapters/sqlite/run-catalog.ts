import type { InputDataset, RunDefinition } from "../../core/execution/definition.ts";
import type { Owner } from "../../core/execution/record.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { NestedExecution, NewRun, RecordedRun, RunCatalog } from "../../ports/run-catalog.ts";
import { adoptFailedRun, rejoin } from "./adopted-run.ts";
import { linkAsset } from "./asset-rows.ts";
import type { Connection } from "./connection.ts";
import { requireExecution } from "./execution-transition.ts";
import { insertNesting, relatedExecutions } from "./nesting.ts";
import { linkUsedDatasets } from "./pinned-inputs.ts";
import { assetId, recordRun } from "./run-record.ts";

/** Recorded runs in SQLite. */
export class SqliteRunCatalog implements RunCatalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async record(run: NewRun, owner: Owner | undefined): Promise<RecordedRun> {
    return this.#connection.write("catalog.record", () => recordRun(this.#connection, { run, owner }));
  }

  async addInput(execution: Rid, asset: Rid): Promise<void> {
    await this.#connection.write("catalog.record", () => {
      const { id } = requireExecution(this.#connection, execution);
      linkAsset(this.#connection, { execution: id, asset: assetId(this.#connection, asset), role: "Input" });
    });
  }

  async addInputDataset(execution: Rid, dataset: InputDataset): Promise<void> {
    await this.#connection.write("catalog.record", () => {
      const { id } = requireExecution(this.#connection, execution);
      linkUsedDatasets(this.#connection, { execution: id, datasets: [dataset] });
    });
  }

  async adopt(run: Parameters<RunCatalog["adopt"]>[0]): Promise<boolean> {
    return this.#connection.write("catalog.record", () => adoptFailedRun(this.#connection, run));
  }

  async rejoin(parts: readonly RunDefinition[]): Promise<readonly RunDefinition[]> {
    if (parts.length === 0) return [];
    return this.#connection.write("catalog.record", () =>
      parts.filter((part) => !rejoin(this.#connection, part)),
    );
  }

  async nest(parts: {
    readonly parent: Rid;
    readonly child: Rid;
    readonly sequence?: number;
  }): Promise<void> {
    await this.#connection.write("catalog.record", () => {
      insertNesting(this.#connection, {
        parent: requireExecution(this.#connection, parts.parent).id,
        child: requireExecution(this.#connection, parts.child).id,
        sequence: parts.sequence,
      });
    });
  }

  async children(rid: Rid, recursive: boolean): Promise<readonly NestedExecution[]> {
    return this.#related(rid, { direction: "children", recursive });
  }

  async parents(rid: Rid, recursive: boolean): Promise<readonly NestedExecution[]> {
    return this.#related(rid, { direction: "parents", recursive });
  }

  async describe(rid: Rid, description: string): Promise<void> {
    await this.#connection.write("catalog.record", () => {
      const { id } = requireExecution(this.#connection, rid);
      this.#connection.run("update execution set description = ? where id = ?", description, id);
    });
  }

  #related(rid: Rid, how: Parameters<typeof relatedExecutions>[2]): readonly NestedExecution[] {
    return this.#connection.read(() =>
      relatedExecutions(this.#connection, requireExecution(this.#connection, rid).id, how),
    );
  }
}
