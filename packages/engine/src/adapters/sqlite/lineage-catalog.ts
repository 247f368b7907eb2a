import type { Lineage, LineageEdge, LineageNode } from "../../core/provenance/lineage.ts";
import type { LineageCatalog, LineageQuery } from "../../ports/lineage-catalog.ts";
import type { Connection } from "./connection.ts";
import { neighbours, type PlaceKind, starts } from "./lineage-queries.ts";
import { kindOfRid, resolveRid, ridNumber, ridText } from "./rids.ts";

/** One record on the way: its row's id, or of a dataset that is not in this catalog its type and id. */
interface Place {
  readonly kind: PlaceKind;
  readonly id: number | undefined;
  readonly name: string;
  readonly detail: string;
  /** Of a version: its dataset. */
  readonly version?: { readonly dataset: number; readonly name: string };
}

/** Data flow in SQLite: one indexed query for each step from a record to its neighbours. */
export class SqliteLineageCatalog implements LineageCatalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async lineage(query: LineageQuery): Promise<Lineage | undefined> {
    return this.#connection.read(() => {
      const start = this.#start(query);
      return start === undefined ? undefined : this.#follow(start, query);
    });
  }

  #start({ rid, version }: LineageQuery): Place | undefined {
    const kind = kindOfRid(this.#connection, rid);
    if (kind !== "execution" && kind !== "asset" && kind !== "dataset" && kind !== "value") return undefined;
    if (version !== undefined) return kind === "dataset" ? this.#version(rid, version) : undefined;
    const known = kind === "value" ? undefined : resolveRid(this.#connection, { kind, rid })[0];
    return this.#places(kind, { sql: starts[kind], id: known ?? ridNumber(rid) })[0];
  }

  #version(rid: LineageQuery["rid"], version: string): Place | undefined {
    const id = resolveRid(this.#connection, { kind: "dataset", rid })[0] ?? -1;
    return this.#connection
      .all<PlaceRow>(starts.version, id, version)
      .map((row) => placeOf("version", row))[0];
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

  #places(kind: PlaceKind, { sql, id }: { readonly sql: string; readonly id: number }): readonly Place[] {
    return this.#connection.all<PlaceRow>(sql, id).map((row) => placeOf(kind, row));
  }
}

interface PlaceRow {
  readonly id: number | null;
  readonly name: string;
  readonly detail: string;
  readonly dataset?: number;
  readonly version?: string;
}

function placeOf(kind: PlaceKind, { id, name, detail, dataset, version }: PlaceRow): Place {
  const place = { kind, id: id ?? undefined, name, detail };
  return dataset === undefined || version === undefined
    ? place
    : { ...place, version: { dataset, name: version } };
}

function keyOf({ kind, id, name, detail, version }: Place): string {
  if (version !== undefined) return `dataset:${ridText(version.dataset)}@${version.name}`;
  return id === undefined ? `${kind}:${detail}/${name}` : `${kind}:${ridText(id)}`;
}

function nodeOf(place: Place, depth: number): LineageNode {
  const { kind, id, name, detail, version } = place;
  const number = version?.dataset ?? id;
  return {
    key: keyOf(place),
    kind: kind === "version" ? "dataset" : kind,
    rid: number === undefined ? undefined : ridText(number),
    ...{ name, detail, depth },
    ...(version === undefined ? {} : { version: version.name }),
  };
}
