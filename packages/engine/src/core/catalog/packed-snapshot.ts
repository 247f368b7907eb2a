import type { Snapshot, SourceTable } from "./snapshot.ts";

/** Texts one after the other, each as what it has in common with the one before and the rest. */
export interface PackedTexts {
  /** Length of the common beginning, in code units. @shape [nText] */
  readonly shared: Uint16Array;
  /** The rests in UTF-8, each with its end. */
  readonly rests: Uint8Array;
}

/** A table in which the texts of files, most of a snapshot and seldom wanted, are packed. */
export interface PackedTable extends Omit<SourceTable, "paths" | "contentIds"> {
  readonly paths: PackedTexts;
  readonly contentIds: PackedTexts;
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

function pack(texts: readonly string[]): PackedTexts | undefined {
  const shared = new Uint16Array(texts.length);
  let rests = "";
  let before = "";
  let length = 0;
  for (const [at, text] of texts.entries()) {
    length = commonLength(text, before, { guess: length });
    const rest = text.slice(length);
    if (rest.includes(end)) return undefined;
    shared[at] = length;
    rests += rest + end;
    before = text;
  }
  return rests.isWellFormed() ? { shared, rests: new TextEncoder().encode(rests) } : undefined;
}

/**
 * Length of what two texts begin with alike; never half of a character of two code units.
 * @param options.guess length that is tried first: neighbours mostly share as much as the two before
 */
function commonLength(a: string, b: string, { guess }: { readonly guess: number }): number {
  const most = Math.min(a.length, b.length, 65_535);
  let length = guess <= most && a.slice(0, guess) === b.slice(0, guess) ? guess : 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  const last = length > 0 ? a.charCodeAt(length - 1) : 0;
  return last >= 0xd800 && last < 0xdc00 ? length - 1 : length;
}

function unpack({ shared, rests }: PackedTexts): readonly string[] {
  const texts: string[] = [];
  const ends = new TextDecoder().decode(rests).split(end);
  for (let at = 0; at < shared.length; at++)
    texts.push((texts[at - 1] ?? "").slice(0, shared[at]) + (ends[at] as string));
  return texts;
}
