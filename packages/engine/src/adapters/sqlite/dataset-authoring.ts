import type { FileOfDataset } from "../../core/execution/authored-files.ts";
import { parseRid, type Rid } from "../../core/identity/rid.ts";
import type {
  AuthoredDataset,
  DatasetVersion,
  FrozenMember,
  Member,
  VersionDifference,
} from "../../core/records/authored-dataset.ts";
import { draftName } from "../../core/records/dataset-version.ts";
import type { ReleasedType } from "../../core/records/released-type.ts";
import type {
  AuthoredQuery,
  DatasetAuthoring,
  DatasetDescription,
  MemberChange,
  MemberPage,
  NewDataset,
  RelatedDataset,
  RelationQuery,
} from "../../ports/dataset-authoring.ts";
import {
  type AuthoredRow,
  authoredOf,
  findAuthored,
  frozenMemberOf,
  memberOf,
  requireAuthored,
  requireOrdinal,
  selectAuthored,
  versionOf,
  versionRows,
  visibleIn,
} from "./authored-rows.ts";
import type { Connection } from "./connection.ts";
import { createDatasets, datasetTypes } from "./dataset-create.ts";
import { differenceOf } from "./dataset-difference.ts";
import { changeMembers } from "./dataset-members.ts";
import { childrenOf, parentsOf } from "./dataset-relations.ts";
import { type Releasing, releaseDraft } from "./dataset-release.ts";
import { memberFiles } from "./member-files.ts";
import { noLimit } from "./queries.ts";
import { readReleasedTypes } from "./released-datasets.ts";
import { renameReleased } from "./released-show.ts";
import { resolveRid, ridNumber } from "./rids.ts";
import { orderedJson } from "./row-values.ts";
import type { DatasetMemberRow } from "./schema.ts";

/** Authored datasets in SQLite. */
export class SqliteDatasetAuthoring implements DatasetAuthoring {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async create(datasets: readonly NewDataset[]): Promise<readonly AuthoredDataset[]> {
    return this.#connection.write("catalog.record", () =>
      createDatasets(this.#connection, datasets).map((id) => this.#authored(id)),
    );
  }

  async change(rid: Rid, change: MemberChange): Promise<AuthoredDataset> {
    return this.#connection.write("catalog.record", () => {
      const { id } = requireAuthored(this.#connection, rid);
      changeMembers(this.#connection, id, { change });
      return this.#authored(id);
    });
  }

  async describe(
    rid: Rid,
    { name, description, types, facets }: DatasetDescription,
  ): Promise<AuthoredDataset> {
    return this.#connection.write("catalog.record", () => {
      const { id, name: before } = requireAuthored(this.#connection, rid);
      const set = (column: string, value: string): void => {
        this.#connection.run(`update authored_dataset set ${column} = ? where id = ?`, value, id);
      };
      if (name !== undefined) {
        set("name", name);
        renameReleased(this.#connection, id, before);
      }
      if (description !== undefined) set("description", description);
      if (types !== undefined) set("types", JSON.stringify(datasetTypes(this.#connection, types)));
      if (facets !== undefined)
        this.#connection.run("update dataset set facets = ? where id = ?", orderedJson(facets), id);
      return this.#authored(id);
    });
  }

  async release(rid: Rid, how: Releasing): Promise<readonly DatasetVersion[]> {
    return this.#connection.write("catalog.record", () =>
      releaseDraft(this.#connection, requireAuthored(this.#connection, rid).id, how),
    );
  }

  async dataset(rid: Rid): Promise<AuthoredDataset | undefined> {
    return this.#connection.read(() => {
      const row = findAuthored(this.#connection, rid);
      return row && authoredOf(row);
    });
  }

  async list({
    names,
    type,
    madeBy,
    offset = 0,
    limit = noLimit,
  }: AuthoredQuery): Promise<{ readonly items: readonly AuthoredDataset[]; readonly total: number }> {
    return this.#connection.read(() => {
      const from = `(?1 is null or name in (select value from json_each(?1)) or id in (select value from json_each(?2)))
        and (?3 is null or exists (select 1 from json_each(types) where value in (select value from json_each(?3))))
        and (?4 is null or made_by = ?4)`;
      const parameters = [
        optionalJson(names),
        JSON.stringify(this.#idsOf(names ?? [])),
        optionalJson(type),
        madeBy === undefined
          ? null
          : (resolveRid(this.#connection, { kind: "execution", rid: madeBy })[0] ?? -1),
      ];
      const rows = this.#connection.all<AuthoredRow>(
        `${selectAuthored} where ${from} order by id limit ?5 offset ?6`,
        ...parameters,
        limit,
        offset,
      );
      const count = this.#connection.get<{ total: number }>(
        `select count(*) as total from authored_dataset where ${from}`,
        ...parameters,
      );
      return { items: rows.map(authoredOf), total: count?.total ?? 0 };
    });
  }

  async versions(rid: Rid): Promise<readonly DatasetVersion[]> {
    return this.#connection.read(() =>
      versionRows(this.#connection, requireAuthored(this.#connection, rid).id).map(versionOf),
    );
  }

  async members(page: MemberPage): Promise<readonly (FrozenMember | Member)[]> {
    return this.#connection.read(() => {
      const { id } = requireAuthored(this.#connection, page.dataset);
      const ordinal = requireOrdinal(this.#connection, id, page);
      const isDraft = (page.version ?? draftName) === draftName;
      return this.#connection
        .all<DatasetMemberRow>(
          `select * from dataset_member where dataset_id = ? and member_id > ? and ${visibleIn}
           order by member_id limit ? offset ?`,
          id,
          page.after === undefined ? -1 : ridNumber(page.after),
          ordinal,
          ordinal,
          page.limit ?? noLimit,
          page.offset ?? 0,
        )
        .map(isDraft ? memberOf : frozenMemberOf);
    });
  }

  async files({
    dataset,
    version,
  }: {
    readonly dataset: Rid;
    readonly version: string;
  }): Promise<readonly FileOfDataset[]> {
    return this.#connection.read(() => {
      const { id } = requireAuthored(this.#connection, dataset);
      return memberFiles(this.#connection, { dataset: id, version });
    });
  }

  async releasedTypes(): Promise<readonly ReleasedType[]> {
    return this.#connection.read(() => readReleasedTypes(this.#connection));
  }

  async difference(
    rid: Rid,
    { from, to }: { readonly from: string; readonly to: string },
  ): Promise<VersionDifference> {
    return this.#connection.read(() => {
      const { id } = requireAuthored(this.#connection, rid);
      return differenceOf(this.#connection, id, {
        from: requireOrdinal(this.#connection, id, { version: from }),
        to: requireOrdinal(this.#connection, id, { version: to }),
      });
    });
  }

  async parents(query: RelationQuery): Promise<readonly RelatedDataset[]> {
    return this.#connection.read(() => parentsOf(this.#connection, query));
  }

  async children(query: RelationQuery): Promise<readonly RelatedDataset[]> {
    return this.#connection.read(() => childrenOf(this.#connection, query));
  }

  #authored(id: number): AuthoredDataset {
    return authoredOf(this.#connection.get<AuthoredRow>(`${selectAuthored} where id = ?`, id) as AuthoredRow);
  }

  #idsOf(names: readonly string[]): readonly number[] {
    return names.flatMap((name) => {
      const rid = parseRid(name);
      return rid === undefined ? [] : resolveRid(this.#connection, { kind: "dataset", rid });
    });
  }
}

function optionalJson(texts: readonly string[] | undefined): string | null {
  return texts === undefined ? null : JSON.stringify(texts);
}
