import type { Rid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import type { Column } from "../../core/records/column.ts";
import type { ImportedDatasets, TakenOver } from "../../ports/dataset-import.ts";
import { ridNumber, ridText } from "./rids.ts";

/** What is taken over of a bag. */
export type ImportedKind = "datasets" | "assets" | "records" | "features" | "executions";

/** Which numbers records of another catalog have here, and how many of them are new. */
export class ImportNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  /** Notes where a record is here. */
  note(kind: ImportedKind, { rid, number, isNew }: { rid: Rid; number: number; isNew: boolean }): void {
    this.#numbers.set(`${kind} ${rid}`, number);
    this.count(kind, isNew);
  }

  /** Notes a record without a RID of its own. */
  count(kind: ImportedKind, isNew: boolean): void {
    const key = `${kind} ${isNew}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  get(kind: ImportedKind, rid: Rid): number | undefined {
    return this.#numbers.get(`${kind} ${rid}`);
  }

  /** The RID of a run here; undefined for one that did not come along. */
  run(rid: Rid | undefined): Rid | undefined {
    const number = rid === undefined ? undefined : this.get("executions", rid);
    return number === undefined ? undefined : ridText(number);
  }

  /** Values with the RIDs that what they refer to has here. */
  values(values: Readonly<Record<string, Json>>, columns: readonly Column[]): Readonly<Record<string, Json>> {
    const body: Record<string, Json> = { ...values };
    for (const { name, holds } of columns) {
      const value = values[name];
      if (typeof value !== "string" || holds === "value" || holds === "term") continue;
      const number = this.get(`${holds}s`, value as Rid);
      if (number !== undefined) body[name] = ridText(number);
    }
    return body;
  }

  /** What was taken over. */
  report(): Omit<ImportedDatasets, "root"> {
    const taken = (kind: ImportedKind): TakenOver => ({
      made: this.#counts.get(`${kind} true`) ?? 0,
      known: this.#counts.get(`${kind} false`) ?? 0,
    });
    return {
      ...{ datasets: taken("datasets"), assets: taken("assets"), records: taken("records") },
      ...{ features: taken("features"), executions: taken("executions") },
      renamed: [...this.#numbers].flatMap(([key, number]) => {
        const was = key.slice(key.indexOf(" ") + 1) as Rid;
        return ridNumber(was) === number ? [] : [{ was, now: ridText(number) }];
      }),
    };
  }
}
