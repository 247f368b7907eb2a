import { type ByteRange, layout } from "./action-bytes.ts";

/** Finds the latest action with a key, by ordinal. */
export interface KeyTable {
  insert(ordinal: number): void;
  /** @param key 32 bytes */
  find(key: Buffer): number | undefined;
}

/**
 * A hash table of numbers alone: the keys stay where they are.
 * @param rangeOf where an action's bytes lie
 */
export function createKeyTable(rangeOf: (ordinal: number) => ByteRange): KeyTable {
  let slots = new Int32Array(1024);
  let count = 0;
  const place = (chunk: Buffer, start: number): number => {
    // Keys are digests: any four of their bytes are a hash.
    let at = chunk.readUInt32BE(start) & (slots.length - 1);
    for (let found = slots[at] ?? 0; found !== 0; found = slots[at] ?? 0) {
      if (sameKey(rangeOf(found - 1), chunk, start)) return at;
      at = (at + 1) & (slots.length - 1);
    }
    return at;
  };
  const put = (ordinal: number): void => {
    const range = rangeOf(ordinal);
    const at = place(range.chunk, range.start + layout.key);
    if (slots[at] === 0) count++;
    slots[at] = ordinal + 1;
  };
  const grow = (): void => {
    const old = slots;
    slots = new Int32Array(old.length * 2);
    count = 0;
    for (const each of old) if (each !== 0) put(each - 1);
  };
  return {
    insert: (ordinal) => {
      if (count * 2 >= slots.length) grow();
      put(ordinal);
    },
    find: (key) => {
      const found = slots[place(key, 0)] ?? 0;
      return found === 0 ? undefined : found - 1;
    },
  };
}

// allow-parameters: a key in one place and a key in another
function sameKey(range: ByteRange, chunk: Buffer, start: number): boolean {
  const from = range.start + layout.key;
  return chunk.compare(range.chunk, from, from + 32, start, start + 32) === 0;
}
