import type { Snapshot, SourceTable } from "./snapshot.ts";

/** A table in which the texts of files lie one after the other: most of a snapshot, and seldom wanted. */
export interface PackedTable extends Omit<SourceTable, "paths" | "contentIds"> {
  readonly paths: Uint8Array;
  readonly contentIds: Uint8Array;
}

/** Tables as they are kept. */
export type PackedTables = ReadonlyMap<string, PackedTable>;

/** Ends a text; texts that hold it cannot be packed. */
const end = "\0";

/** Packs the tables of a snapshot; undefined when a text of a file holds the character that ends texts. */
export function packTables(tables: Snapshot["tables"]): PackedTables | undefined {
  const packed = new Map<string, PackedTable>();
  for (const [name, table] of tables) {
    const paths = pack(table.paths);
    const contentIds = pack(table.contentIds);
    if (paths === undefined || contentIds === undefined) return undefined;
    packed.set(name, { ...table, paths, contentIds });
  }
  return packed;
}

/** The tables again; texts of files are taken out when they are first asked for. */
export function unpackTables(packed: PackedTables): Snapshot["tables"] {
  return new Map([...packed].map(([name, table]) => [name, unpackTable(table)]));
}

function unpackTable({ paths, contentIds, ...table }: PackedTable): SourceTable {
  let unpackedPaths: readonly string[] | undefined;
  let unpackedIds: readonly string[] | undefined;
  return {
    ...table,
    get paths() {
      return (unpackedPaths ??= unpack(paths));
    },
    get contentIds() {
      return (unpackedIds ??= unpack(contentIds));
    },
  };
}

function pack(texts: readonly string[]): Uint8Array | undefined {
  if (texts.some((text) => text.includes(end) || !text.isWellFormed())) return undefined;
  return new TextEncoder().encode(texts.map((text) => text + end).join(""));
}

function unpack(bytes: Uint8Array): readonly string[] {
  return bytes.length === 0 ? [] : new TextDecoder().decode(bytes).slice(0, -1).split(end);
}
