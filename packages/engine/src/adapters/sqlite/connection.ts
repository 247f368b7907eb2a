import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { getSourceType } from "../../core/catalog/source-types.ts";
import { AlmanacError } from "../../core/errors.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { DurableObserver, DurablePoint } from "../../ports/durable.ts";
import { Checkpoints } from "./checkpoints.ts";
import { raiseHistory } from "./history-count.ts";
import { describeLockHolder } from "./lock-holder.ts";
import { isBusy, translateSqliteError } from "./sqlite-error.ts";

/** How to open a connection. */
export interface ConnectionOptions {
  /** Path of the catalog file, or `:memory:`. */
  readonly file: string;
  /**
   * `asked`: writes are refused by construction; `unwritable`: the file or its folder does not allow them; `snapshot`: it
   * is the catalog of an earlier moment.
   */
  readonly readOnly: "no" | "asked" | "unwritable" | "snapshot";
  /** The file cannot change while it is open (read-only folder): SQLite then needs no lock files. */
  readonly immutable?: boolean;
  readonly observer: DurableObserver;
  /** Milliseconds to wait for another process in all. */
  readonly busyTimeoutMs: number;
  /** Whether there is a source type of a name whose datasets are found by ingesting; default: the built-in ones. */
  readonly declares?: (sourceType: string) => boolean;
}

/** What to say when a catalog may not be written. */
const refusals = {
  asked: { why: "was opened for reading only", hint: "a dry run writes nothing" },
  unwritable: {
    why: "cannot be written: the file or its folder is read-only",
    hint: "check the permissions of the file and of its folder",
  },
  snapshot: {
    why: "is a snapshot: nothing of an earlier moment can be changed",
    hint: "leave out the snapshot to work on the catalog as it is now",
  },
} as const;

/** Milliseconds that SQLite itself blocks the thread; the rest of the waiting leaves the event loop free. */
const blockingWaitMs = 250;

/** Writes that change datasets only; whatever else is written may change groups and executions. */
const datasetPoints: readonly DurablePoint[] = ["catalog.ingest", "catalog.finalise"];

/**
 * One connection to the catalog: prepared statements, and write transactions that hold the lock only while they run.
 * A transaction is one synchronous function, so that nothing else of this process can slip into it.
 */
export class Connection {
  readonly file: string;
  readonly database: DatabaseSync;
  readonly observer: DurableObserver;
  /** Whether there is a source type of a name whose datasets are found by ingesting. */
  readonly declares: (sourceType: string) => boolean;
  readonly #readOnly: ConnectionOptions["readOnly"];
  readonly #busyTimeoutMs: number;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #statements = new Map<string, StatementSync>();

  constructor(options: ConnectionOptions) {
    this.file = options.file;
    this.observer = options.observer;
    this.declares = options.declares ?? ((name) => getSourceType(name) !== undefined);
    this.#readOnly = options.readOnly;
    this.#busyTimeoutMs = options.busyTimeoutMs;
    this.#checkpoints = options.file === ":memory:" ? undefined : new Checkpoints(options.file);
    this.database = this.guard(
      () =>
        new DatabaseSync(location(options), {
          readOnly: options.readOnly !== "no",
          timeout: Math.min(blockingWaitMs, options.busyTimeoutMs),
          enableForeignKeyConstraints: true,
        }),
    );
  }

  /** False when writes are refused. */
  get isWritable(): boolean {
    return this.#readOnly === "no";
  }

  /** The prepared statement of this text, kept for the life of the connection. */
  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  /** Every row of a query. The caller's row type must name the selected columns. */
  all<Row>(sql: string, ...parameters: readonly SQLInputValue[]): readonly Row[] {
    return this.guard(() => this.statement(sql).all(...parameters) as unknown as readonly Row[]);
  }

  /** First row of a query, or undefined. */
  get<Row>(sql: string, ...parameters: readonly SQLInputValue[]): Row | undefined {
    return this.guard(() => this.statement(sql).get(...parameters) as unknown as Row | undefined);
  }

  /** The rows of a query one after the other, as lists of their columns: for what is read once and is much. */
  *each<Row extends readonly unknown[]>(
    sql: string,
    ...parameters: readonly SQLInputValue[]
  ): Generator<Row, void> {
    try {
      const statement = this.database.prepare(sql);
      statement.setReturnArrays(true);
      yield* statement.iterate(...parameters) as Iterable<unknown> as Iterable<Row>;
    } catch (error) {
      throw translateSqliteError(error, this.file);
    }
  }

  /** Runs a statement. @returns number of rows changed */
  run(sql: string, ...parameters: readonly SQLInputValue[]): number {
    return this.guard(() => Number(this.statement(sql).run(...parameters).changes));
  }

  /** Several reads that see one state of the catalog. */
  read<T>(body: () => T): T {
    return this.guard(() => {
      if (this.database.isTransaction) return body();
      this.database.exec("begin");
      try {
        return body();
      } finally {
        this.database.exec("rollback");
      }
    });
  }

  /**
   * One write transaction: all of `body` or nothing. The observer is told just before and just after the commit.
   * @throws CATALOG_LOCKED when another process kept the lock for the whole waiting time
   * @throws CATALOG_READ_ONLY when this connection or the file cannot be written
   * @throws DISK_FULL
   */
  async write<T>(point: DurablePoint | ((result: T) => DurablePoint), body: () => T): Promise<T> {
    this.#requireWritable();
    // Begun and ended without a pause: a transaction that another caller begins in one would end up inside of this one.
    const ended = await this.whenFree((): Result<T, unknown> => {
      this.database.exec("begin immediate");
      try {
        const result = body();
        const name = typeof point === "string" ? point : point(result);
        if (!datasetPoints.includes(name)) raiseHistory(this);
        this.observer.before(name);
        this.database.exec("commit");
        this.observer.after(name);
        return ok(result);
      } catch (error) {
        // A full disk ends the transaction by itself.
        if (this.database.isTransaction) this.database.exec("rollback");
        // Not thrown here: only beginning is tried again.
        return err(error);
      }
    });
    await this.#checkpoints?.afterCommit();
    if (ended.ok) return ended.value;
    throw translateSqliteError(ended.error, this.file);
  }

  /**
   * Tries an operation until no other process is in the way.
   * @throws CATALOG_LOCKED naming the holder, where the system tells
   */
  async whenFree<T>(operation: () => T | Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#busyTimeoutMs;
    for (let pause = 2; ; pause = Math.min(pause * 2, 100)) {
      try {
        return await operation();
      } catch (error) {
        if (!isBusy(error)) throw translateSqliteError(error, this.file);
        if (performance.now() >= deadline) throw this.#locked(error);
      }
      await sleep(pause);
    }
  }

  /** Runs an operation and translates what SQLite throws. */
  guard<T>(operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      throw translateSqliteError(error, this.file);
    }
  }

  /** Ends the connection after what it has begun; idempotent. */
  async end(): Promise<void> {
    await this.#checkpoints?.end();
    this.close();
  }

  /** Ends the connection at once; idempotent. */
  close(): void {
    this.#statements.clear();
    if (this.database.isOpen) this.database.close();
  }

  #requireWritable(): void {
    if (this.#readOnly === "no") return;
    const { why, hint } = refusals[this.#readOnly];
    throw new AlmanacError("CATALOG_READ_ONLY", `the catalog ${this.file} ${why}`, {
      hint,
      facts: { file: this.file },
    });
  }

  #locked(cause: unknown): AlmanacError {
    const holder = describeLockHolder(this.file);
    const by = holder ?? "another process";
    return new AlmanacError(
      "CATALOG_LOCKED",
      `the catalog ${this.file} was locked by ${by} for ${this.#busyTimeoutMs / 1000} s`,
      {
        hint: "wait for it to end, then try again",
        facts: { file: this.file, holder, waitedMs: this.#busyTimeoutMs },
        cause,
      },
    );
  }
}

function location(options: ConnectionOptions): string | URL {
  if (!options.immutable) return options.file;
  const url = pathToFileURL(options.file);
  url.search = "?immutable=1&mode=ro";
  return url;
}
