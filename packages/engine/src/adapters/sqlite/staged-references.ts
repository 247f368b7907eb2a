import { parseRid, type Rid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import type { Column } from "../../core/records/column.ts";
import type { FeatureTarget, StagedFeature } from "../../core/records/feature.ts";
import { spellingsOf } from "../../core/records/vocabulary.ts";
import type { Connection } from "./connection.ts";
import { isDerivedNumber, resolveRid, ridNumber, ridText } from "./rids.ts";
import { findVocabulary, termsOf } from "./term-rows.ts";

/** Finds what staged rows name: targets, assets, records, datasets, terms. Remembers what it found, and what not. */
export class StagedReferences {
  readonly problems: string[] = [];
  /** What the next problems are about. */
  about = "";
  readonly #connection: Connection;
  readonly #assetOf: (path: string) => number | undefined;
  readonly #isReplay: boolean;
  readonly #terms = new Map<string, ReadonlyMap<string, string>>();

  /** @param how.isReplay RIDs that follow from an execution are taken as they are: it may not be here yet */
  constructor(
    connection: Connection,
    how: { readonly assetOf: (path: string) => number | undefined; readonly isReplay: boolean },
  ) {
    this.#connection = connection;
    this.#assetOf = how.assetOf;
    this.#isReplay = how.isReplay;
  }

  problem(text: string): undefined {
    this.problems.push(this.about === "" ? text : `${this.about}: ${text}`);
    return undefined;
  }

  /** Number of the record that a feature is of; a problem if there is none. */
  target({ kind, name }: FeatureTarget, given: StagedFeature["target"]): number | undefined {
    const found =
      kind === "asset"
        ? this.#asset(given, name)
        : typeof given === "string"
          ? kind === "dataset"
            ? this.#dataset(given, name)
            : this.#record(given, name)
          : undefined;
    return found ?? this.problem(`there is no ${targetNouns[kind]} ${shown(given)} (${name})`);
  }

  /** What is stored for a staged value that refers to something. */
  value(column: Exclude<Column, { holds: "value" }>, value: Json): Json {
    if (column.holds === "term") return this.#term(column.vocabulary, value);
    const given = value as StagedFeature["target"];
    const number = this.#number(column, given);
    if (number !== undefined) return ridText(number);
    this.problem(`"${column.name}": there is no ${column.holds} ${shown(given)}`);
    return null;
  }

  #number(
    column: Exclude<Column, { holds: "value" | "term" }>,
    given: StagedFeature["target"],
  ): number | undefined {
    if (column.holds === "asset") return this.#asset(given, column.assetKind);
    if (typeof given !== "string") return undefined;
    return column.holds === "record"
      ? this.#record(given, column.recordType)
      : this.#dataset(given, undefined);
  }

  #asset(given: StagedFeature["target"], kind: string | undefined): number | undefined {
    const number = typeof given === "string" ? this.#assetNumber(given) : this.#assetOf(given.path);
    if (number === undefined) return undefined;
    if (this.#isTaken(number)) return number;
    const row = this.#connection.get<{ kind: string }>("select kind from asset where id = ?", number);
    return row === undefined || (kind !== undefined && row.kind !== kind) ? undefined : number;
  }

  /** True if a RID need not be looked for. */
  #isTaken(number: number): boolean {
    return this.#isReplay && isDerivedNumber(number);
  }

  #assetNumber(given: string): number | undefined {
    const rid = parseRid(given);
    return rid === undefined
      ? undefined
      : (resolveRid(this.#connection, { kind: "asset", rid })[0] ?? ridNumber(rid));
  }

  #dataset(given: string, sourceType: string | undefined): number | undefined {
    const byId = this.#datasetById(given, sourceType);
    if (byId !== undefined) return byId;
    const rid = parseRid(given);
    const number = rid === undefined ? undefined : this.#datasetNumber(rid);
    const row =
      number === undefined
        ? undefined
        : this.#connection.get<{ source_type: string }>(
            "select source_type from dataset where id = ?",
            number,
          );
    return row === undefined || (sourceType !== undefined && row.source_type !== sourceType)
      ? undefined
      : number;
  }

  #datasetById(given: string, sourceType: string | undefined): number | undefined {
    const row =
      sourceType === undefined
        ? this.#connection.get<{ id: number }>("select id from dataset where instance_id = ?", given)
        : this.#connection.get<{ id: number }>(
            "select id from dataset where source_type = ? and instance_id = ?",
            sourceType,
            given,
          );
    return row?.id;
  }

  #datasetNumber(rid: Rid): number | undefined {
    return resolveRid(this.#connection, { kind: "dataset", rid })[0];
  }

  #record(given: string, type: string): number | undefined {
    const rid = parseRid(given);
    if (rid === undefined) return undefined;
    const number = ridNumber(rid);
    if (this.#isTaken(number)) return number;
    return this.#connection.get<{ id: number }>(
      `select typed_record.id from typed_record join record_type on record_type.id = type_id
       where typed_record.id = ? and name = ?`,
      number,
      type,
    )?.id;
  }

  #term(vocabulary: string, value: Json): Json {
    const name = this.#spellings(vocabulary).get(String(value));
    if (name !== undefined) return name;
    this.problem(`"${String(value)}" is not a term of ${vocabulary}`);
    return value;
  }

  #spellings(vocabulary: string): ReadonlyMap<string, string> {
    const known = this.#terms.get(vocabulary);
    if (known !== undefined) return known;
    const row = findVocabulary(this.#connection, vocabulary);
    const spellings =
      row === undefined ? new Map<string, string>() : spellingsOf(vocabulary, termsOf(this.#connection, row));
    this.#terms.set(vocabulary, spellings);
    return spellings;
  }
}

const targetNouns = { dataset: "dataset", asset: "asset", record: "record" } as const;

function shown(given: StagedFeature["target"]): string {
  return typeof given === "string" ? given : JSON.stringify(given.path);
}
