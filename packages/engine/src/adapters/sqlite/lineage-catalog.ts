import type { Lineage, LineageEdge, LineageKind, LineageNode } from "../../core/provenance/lineage.ts";
import type { LineageCatalog, LineageQuery } from "../../ports/lineage-catalog.ts";
import type { Connection } from "./connection.ts";
import { kindOfRid, resolveRid, ridNumber, ridText } from "./rids.ts";

/** One record on the way: its row's id, or of a dataset that is not in this catalog its type and id. */
interface Place {
  readonly kind: LineageKind;
  readonly id: number | undefined;
  readonly name: string;
  readonly detail: string;
}

const executionColumns = `execution.id, coalesce(execution_group.provider || '/' || execution_group.diagnostic,
  workflow.name, '') as name, execution.state as detail`;

const executionTables = `left join execution_group on execution_group.id = execution.group_id
  left join workflow on workflow.id = execution.workflow_id`;

const datasetColumns = `dataset.id, execution_dataset.instance_id as name, execution_dataset.source_type as detail`;

const assetColumns = "asset.id, asset.file_name as name, asset.kind as detail";

const valueColumns = `stored_value.id, coalesce(json_extract(dimensions, '$.metric'), form) as name, form as detail`;

/** From each kind, one query for each kind that is next to it: up, then down. */
const neighbours: Readonly<
  Record<LineageKind, Readonly<Record<"up" | "down", readonly (readonly [LineageKind, string])[]>>>
> = {
  execution: {
    up: [
      [
        "dataset",
        `select ${datasetColumns} from execution_dataset left join dataset
         on dataset.source_type = execution_dataset.source_type and dataset.instance_id = execution_dataset.instance_id
         where execution_id = ? order by position`,
      ],
      [
        "asset",
        `select ${assetColumns} from execution_asset join asset on asset.id = asset_id
         where execution_id = ? and role = 'Input' order by asset.id`,
      ],
    ],
    down: [
      [
        "asset",
        `select ${assetColumns} from execution_asset join asset on asset.id = asset_id
         where execution_id = ? and role = 'Output' order by asset.id`,
      ],
      ["value", `select ${valueColumns} from stored_value where execution_id = ? order by id`],
    ],
  },
  asset: {
    up: [
      [
        "execution",
        `select ${executionColumns} from execution_asset join execution on execution.id = execution_id ${executionTables}
         where asset_id = ? and role = 'Output' order by execution.id`,
      ],
    ],
    down: [
      [
        "execution",
        `select ${executionColumns} from execution_asset join execution on execution.id = execution_id ${executionTables}
         where asset_id = ? and role = 'Input' order by execution.id`,
      ],
    ],
  },
  dataset: {
    up: [],
    down: [
      [
        "execution",
        `select ${executionColumns} from dataset join execution_dataset
         on execution_dataset.instance_id = dataset.instance_id and execution_dataset.source_type = dataset.source_type
         join execution on execution.id = execution_id ${executionTables}
         where dataset.id = ? order by execution.id`,
      ],
    ],
  },
  value: {
    up: [
      [
        "execution",
        `select ${executionColumns} from stored_value join execution on execution.id = execution_id ${executionTables}
         where stored_value.id = ?`,
      ],
    ],
    down: [],
  },
};

const starts: Readonly<Record<LineageKind, string>> = {
  execution: `select ${executionColumns} from execution ${executionTables} where execution.id = ?`,
  asset: `select ${assetColumns} from asset where asset.id = ?`,
  dataset: "select id, instance_id as name, source_type as detail from dataset where id = ?",
  value: `select ${valueColumns} from stored_value where id = ?`,
};

/** Data flow in SQLite: one indexed query for each step from a record to its neighbours. */
export class SqliteLineageCatalog implements LineageCatalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async lineage(query: LineageQuery): Promise<Lineage | undefined> {
    return this.#connection.read(() => {
      const start = this.#start(query.rid);
      return start === undefined ? undefined : this.#follow(start, query);
    });
  }

  #start(rid: LineageQuery["rid"]): Place | undefined {
    const kind = kindOfRid(this.#connection, rid);
    if (kind !== "execution" && kind !== "asset" && kind !== "dataset" && kind !== "value") return undefined;
    const known = kind === "value" ? undefined : resolveRid(this.#connection, { kind, rid })[0];
    return this.#places(kind, { sql: starts[kind], id: known ?? ridNumber(rid) })[0];
  }

  #follow(start: Place, { direction, depth: deepest = Number.POSITIVE_INFINITY }: LineageQuery): Lineage {
    const nodes = new Map([[keyOf(start), nodeOf(start, 0)]]);
    const edges = new Map<string, LineageEdge>();
    let level = [start];
    for (let depth = 1; level.length > 0 && depth <= deepest; depth++) {
      const further: Place[] = [];
      for (const place of level)
        for (const next of this.#next(place, direction)) {
          const [near, far] = [keyOf(place), keyOf(next)];
          const edge = direction === "up" ? { from: far, to: near } : { from: near, to: far };
          edges.set(`${edge.from}\n${edge.to}`, edge);
          if (nodes.has(far)) continue;
          nodes.set(far, nodeOf(next, depth));
          further.push(next);
        }
      level = further;
    }
    const cut = level.some((place) => this.#next(place, direction).length > 0);
    return { start: keyOf(start), direction, nodes: [...nodes.values()], edges: [...edges.values()], cut };
  }

  #next({ kind, id }: Place, direction: "up" | "down"): readonly Place[] {
    if (id === undefined) return [];
    return neighbours[kind][direction].flatMap(([next, sql]) => this.#places(next, { sql, id }));
  }

  #places(kind: LineageKind, { sql, id }: { readonly sql: string; readonly id: number }): readonly Place[] {
    return this.#connection
      .all<{ id: number | null; name: string; detail: string }>(sql, id)
      .map((row) => ({ kind, id: row.id ?? undefined, name: row.name, detail: row.detail }));
  }
}

function keyOf({ kind, id, name, detail }: Place): string {
  return id === undefined ? `${kind}:${detail}/${name}` : `${kind}:${ridText(id)}`;
}

function nodeOf(place: Place, depth: number): LineageNode {
  const { kind, id, name, detail } = place;
  return { key: keyOf(place), kind, rid: id === undefined ? undefined : ridText(id), name, detail, depth };
}
