import { AlmanacError, Defect } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Asset, AssetRole, NewAsset } from "../../core/records/asset.ts";
import type { AssetKind, MetadataColumn } from "../../core/records/asset-kind.ts";
import { assetTypeVocabulary } from "../../core/records/asset-types.ts";
import { spellingsOf } from "../../core/records/vocabulary.ts";
import type { AssetCatalog, AssetQuery, AssetUse } from "../../ports/asset-catalog.ts";
import { assetOf, insertInputAsset, sameFile } from "./asset-rows.ts";
import type { Connection } from "./connection.ts";
import { noLimit, queryBuilder, rowsOf } from "./queries.ts";
import { resolveRid, ridNumber, ridText, takeRid } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { AssetKindRow, AssetRow } from "./schema.ts";
import { insertTerms, requireVocabulary, termsOf } from "./term-rows.ts";

/** Asset kinds and assets in SQLite. */
export class SqliteAssetCatalog implements AssetCatalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async kinds(): Promise<readonly AssetKind[]> {
    return this.#connection.all<AssetKindRow>("select * from asset_kind order by name").map(kindOf);
  }

  async declareKind(kind: AssetKind): Promise<void> {
    await this.#connection.write("catalog.record", () => {
      const row = this.#connection.get<AssetKindRow>("select * from asset_kind where name = ?", kind.name);
      if (row !== undefined) return requireEqual(kindOf(row), kind);
      this.#connection.run(
        "insert into asset_kind (name, description, columns) values (?, ?, ?)",
        kind.name,
        kind.description,
        JSON.stringify(kind.columns),
      );
      addType(this.#connection, kind);
    });
  }

  async add(asset: NewAsset): Promise<Asset> {
    return this.#connection.write("catalog.record", () => {
      if (this.#connection.get("select 1 from asset_kind where name = ?", asset.kind) === undefined)
        throw unknownKind(asset.kind);
      const id = sameFile(this.#connection, asset) ?? this.#insert(asset);
      const row = this.#connection.get<AssetRow>("select * from asset where id = ?", id);
      if (row === undefined) throw new Defect(`asset ${id} is gone`);
      return assetOf(row);
    });
  }

  #insert(asset: NewAsset): number {
    const id = takeRid(this.#connection, "asset");
    insertInputAsset(this.#connection, { ...asset, id });
    return id;
  }

  async asset(rid: Rid): Promise<Asset | undefined> {
    const row = this.#connection.get<AssetRow>("select * from asset where id = ?", this.#id(rid));
    return row && assetOf(row);
  }

  async list(query: AssetQuery): Promise<{ readonly items: readonly Asset[]; readonly total: number }> {
    const found = await this.#found(query);
    return this.#connection.read(() => {
      const page = found
        .selectAll("asset")
        .distinct()
        .orderBy("asset.id")
        .limit(query.limit ?? noLimit)
        .offset(query.offset ?? 0);
      const count = found.select(({ fn }) => fn.count<number>("asset.id").distinct().as("total"));
      return {
        items: rowsOf<AssetRow>(this.#connection, page).map(assetOf),
        total: rowsOf(this.#connection, count)[0]?.total ?? 0,
      };
    });
  }

  async uses(rid: Rid): Promise<readonly AssetUse[]> {
    return this.#connection
      .all<{ execution_id: number; role: string }>(
        "select execution_id, role from execution_asset where asset_id = ? order by execution_id",
        this.#id(rid),
      )
      .map(({ execution_id, role }) => ({ execution: ridText(execution_id), role: role as AssetRole }));
  }

  /** An asset that an execution made has a RID that follows from it; one from outside may have come from another catalog. */
  #id(rid: Rid): number {
    return resolveRid(this.#connection, { kind: "asset", rid })[0] ?? ridNumber(rid);
  }

  async #found({ kind, type, execution, role, sha256 }: AssetQuery) {
    const db = await queryBuilder(this.#connection);
    let select = db.selectFrom("asset").leftJoin("execution_asset", "execution_asset.asset_id", "asset.id");
    if (kind !== undefined) select = select.where("asset.kind", "in", [...kind]);
    if (sha256 !== undefined) select = select.where("asset.sha256", "=", sha256);
    if (role !== undefined) select = select.where("execution_asset.role", "=", role);
    if (execution !== undefined)
      select = select.where("execution_asset.execution_id", "in", [
        ...resolveRid(this.#connection, { kind: "execution", rid: execution }).slice(0, 1),
      ]);
    if (type !== undefined)
      select = select.where((eb) =>
        eb.or(
          type.map((each) =>
            eb(eb.fn<number>("instr", ["asset.types", eb.val(JSON.stringify(each))]), ">", eb.lit(0)),
          ),
        ),
      );
    return select;
  }
}

function kindOf({ name, description, columns }: AssetKindRow): AssetKind {
  return { name, description, columns: storedJson<readonly MetadataColumn[]>(columns) };
}

/** Types of assets default to the name of their kind, which is a term therefore. */
function addType(connection: Connection, { name, description }: AssetKind): void {
  const vocabulary = requireVocabulary(connection, assetTypeVocabulary);
  const known = spellingsOf(assetTypeVocabulary, termsOf(connection, vocabulary));
  if (!known.has(name)) insertTerms(connection, { vocabulary, terms: [{ name, description, synonyms: [] }] });
}

function unknownKind(kind: string): AlmanacError {
  return new AlmanacError("UNKNOWN_NAME", `there is no asset kind "${kind}"`, {
    hint: "almanac assets kinds",
    facts: { kind },
  });
}

function requireEqual(known: AssetKind, kind: AssetKind): void {
  if (JSON.stringify(known) === JSON.stringify({ ...kind })) return;
  throw new AlmanacError("CONFLICT", `the asset kind ${kind.name} is declared otherwise already`, {
    hint: `almanac assets kinds; declare the new one under another name`,
    facts: { kind: kind.name },
  });
}
