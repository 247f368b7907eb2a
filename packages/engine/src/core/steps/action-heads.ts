import { type ByteRange, headLength } from "./action-bytes.ts";

/** An action's bytes, and where the store has them. */
export interface StoredRange extends ByteRange {
  /** What the store finds the same bytes by later; opaque to all others. */
  readonly place: number;
}

/** The beginnings of actions by ordinal, packed: what is needed of an action only now and then stays in the store. */
export interface ActionHeads {
  /** Copies the head of an action. @returns its ordinal */
  add(range: StoredRange): number;
  count(): number;
  /** The bytes that the head of an action lies in. */
  page(ordinal: number): Buffer;
  /** Where in them it begins. */
  start(ordinal: number): number;
  /** Where the store has the whole action. */
  place(ordinal: number): number;
  /** Bytes of the whole action. */
  length(ordinal: number): number;
}

const pageBytes = 1 << 20;
const firstCount = 256;

/** No heads yet. */
export function createActionHeads(): ActionHeads {
  const pages: Buffer[] = [];
  let free = 0;
  let count = 0;
  let pageOf = new Int32Array(firstCount);
  let starts = new Int32Array(firstCount);
  let lengths = new Int32Array(firstCount);
  let places = new Float64Array(firstCount);
  const grow = (): void => {
    pageOf = twice(pageOf, new Int32Array(count * 2));
    starts = twice(starts, new Int32Array(count * 2));
    lengths = twice(lengths, new Int32Array(count * 2));
    places = twice(places, new Float64Array(count * 2));
  };
  const room = (length: number): Buffer => {
    const last = pages.at(-1);
    if (last !== undefined && free + length <= last.length) return last;
    // The first page is small: most stores are.
    const page = Buffer.allocUnsafeSlow(Math.max(length, pages.length === 0 ? pageBytes >> 4 : pageBytes));
    pages.push(page);
    free = 0;
    return page;
  };
  return {
    add: (range) => {
      if (count === pageOf.length) grow();
      const length = headLength(range);
      const page = room(length);
      range.chunk.copy(page, free, range.start, range.start + length);
      pageOf[count] = pages.length - 1;
      starts[count] = free;
      lengths[count] = range.end - range.start;
      places[count] = range.place;
      free += length;
      return count++;
    },
    count: () => count,
    page: (ordinal) => pages[pageOf[ordinal] ?? -1] ?? nothing,
    start: (ordinal) => starts[ordinal] ?? 0,
    place: (ordinal) => places[ordinal] ?? 0,
    length: (ordinal) => lengths[ordinal] ?? 0,
  };
}

const nothing = Buffer.alloc(0);

function twice<A extends Int32Array | Float64Array>(before: A, after: A): A {
  after.set(before);
  return after;
}
