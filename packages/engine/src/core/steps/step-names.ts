import { layout, stepNameIn } from "./action-bytes.ts";
import type { ActionHeads } from "./action-heads.ts";
import { createOrdinalTable } from "./ordinal-table.ts";

/** Steps by number, by the names in the heads of their actions: no name is kept as a text. */
export interface StepNames {
  /** The number of an action's step, a new one at its first action. */
  numberOf(ordinal: number): number;
  find(name: string): number | undefined;
  name(number: number): string;
  count(): number;
}

/** No steps yet. */
export function createStepNames(heads: ActionHeads): StepNames {
  /** For each step an action of it. */
  const examples: number[] = [];
  const example = (number: number): number => examples[number] ?? -1;
  let sought = Buffer.alloc(256);
  const table = createOrdinalTable({
    hash: (number) => nameHash(heads, example(number)),
    same: (a, b) => sameName(heads, example(a), example(b)),
  });
  return {
    numberOf: (ordinal) => {
      const is = (number: number): boolean => sameName(heads, example(number), ordinal);
      const known = table.find({ hash: nameHash(heads, ordinal), is });
      if (known !== undefined) return known;
      table.insert(examples.push(ordinal) - 1);
      return examples.length - 1;
    },
    find: (name) => {
      if (name.length * 3 > sought.length) sought = Buffer.alloc(name.length * 3);
      const length = sought.write(name);
      const is = (number: number): boolean => hasName(heads, example(number), sought.subarray(0, length));
      return table.find({ hash: hashOf(sought, 0, length), is });
    },
    name: (number) => {
      const chunk = heads.page(example(number));
      return stepNameIn({ chunk, start: heads.start(example(number)), end: chunk.length });
    },
    count: () => examples.length,
  };
}

function nameHash(heads: ActionHeads, ordinal: number): number {
  const page = heads.page(ordinal);
  const start = heads.start(ordinal);
  const from = start + layout.name;
  return hashOf(page, from, from + page.readUInt16BE(start + layout.nameLength));
}

/** FNV-1a. allow-parameters: the bytes and which of them */
function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** allow-parameters: the heads and two actions */
function sameName(heads: ActionHeads, a: number, b: number): boolean {
  const page = heads.page(b);
  const start = heads.start(b);
  const from = start + layout.name;
  return hasName(heads, a, page.subarray(from, from + page.readUInt16BE(start + layout.nameLength)));
}

/** allow-parameters: the heads, an action, and the bytes of a name */
function hasName(heads: ActionHeads, ordinal: number, name: Buffer): boolean {
  const page = heads.page(ordinal);
  const start = heads.start(ordinal);
  if (page.readUInt16BE(start + layout.nameLength) !== name.length) return false;
  const from = start + layout.name;
  for (let at = 0; at < name.length; at++) if (page[from + at] !== name[at]) return false;
  return true;
}
