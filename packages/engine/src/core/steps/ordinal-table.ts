/** What an ordinal table compares by: the bytes it finds numbers by stay where they are. */
export interface TableKeys {
  /** A hash of the bytes that belong to a number. */
  hash(number: number): number;
  /** True if the same bytes belong to both numbers. */
  same(a: number, b: number): boolean;
}

/** What is looked for: the hash of its bytes, and whether they are those of a number. */
export interface Sought {
  readonly hash: number;
  readonly is: (number: number) => boolean;
}

/** A hash table of numbers alone. */
export interface OrdinalTable {
  /** Puts a number in; it takes the place of one with the same bytes. */
  insert(number: number): void;
  find(sought: Sought): number | undefined;
}

/** An empty table. @param keys what belongs to the numbers in it */
export function createOrdinalTable({ hash, same }: TableKeys): OrdinalTable {
  let slots = new Int32Array(1024);
  let count = 0;
  const put = (number: number): void => {
    const mask = slots.length - 1;
    let at = hash(number) & mask;
    for (let found = slots[at] ?? 0; found !== 0 && !same(found - 1, number); found = slots[at] ?? 0)
      at = (at + 1) & mask;
    if (slots[at] === 0) count++;
    slots[at] = number + 1;
  };
  const grow = (): void => {
    const old = slots;
    slots = new Int32Array(old.length * 4);
    count = 0;
    for (const each of old) if (each !== 0) put(each - 1);
  };
  return {
    insert: (number) => {
      if (count * 2 >= slots.length) grow();
      put(number);
    },
    find: (sought) => {
      const mask = slots.length - 1;
      for (let at = sought.hash & mask; ; at = (at + 1) & mask) {
        const found = slots[at] ?? 0;
        if (found === 0) return undefined;
        if (sought.is(found - 1)) return found - 1;
      }
    },
  };
}
