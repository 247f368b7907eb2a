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

/** Names of steps, each with a number, read from actions' heads; none yet. */
export function createStepNames(heads: ActionHeads): StepNames {
  /** For each step an action of it. */
  const examples: number[] = [];
  const example = (number: number): number => examples[number] ?? -1;
  let sought = Buffer.alloc(256);
  const table = createOrdinalTable({
    hash: (number) => hashOf(nameIn(heads, example(number))),
    same: (a, b) => hasName(heads, example(a), nameIn(heads, example(b))),
  });
  return {
    numberOf: (ordinal) => {
      const name = nameIn(heads, ordinal);
      const is = (number: number): boolean => hasName(heads, example(number), name);
      const known = table.find({ hash: hashOf(name), is });
      if (known !== undefined) return known;
      table.insert(examples.push(ordinal) - 1);
      return examples.length - 1;
    },
    find: (name) => {
      if (name.length * 3 > sought.length) sought = Buffer.alloc(name.length * 3);
      const bytes: NameBytes = { bytes: sought, from: 0, length: sought.write(name) };
      const is = (number: number): boolean => hasName(heads, example(number), bytes);
      return table.find({ hash: hashOf(bytes), is });
    },
    name: (number) => {
      const chunk = heads.page(example(number));
      return stepNameIn({ chunk, start: heads.start(example(number)), end: chunk.length });
    },
    count: () => examples.length,
  };
}

/** Where a name lies. */
interface NameBytes {
  readonly bytes: Buffer;
  readonly from: number;
  readonly length: number;
}

function nameIn(heads: ActionHeads, ordinal: number): NameBytes {
  const bytes = heads.page(ordinal);
  const start = heads.start(ordinal);
  return { bytes, from: start + layout.name, length: bytes.readUInt16BE(start + layout.nameLength) };
}

/** FNV-1a. */
function hashOf({ bytes, from, length }: NameBytes): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < from + length; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** allow-parameters: the heads, an action, and a name */
function hasName(heads: ActionHeads, ordinal: number, { bytes, from, length }: NameBytes): boolean {
  const own = nameIn(heads, ordinal);
  if (own.length !== length) return false;
  for (let at = 0; at < length; at++) if (own.bytes[own.from + at] !== bytes[from + at]) return false;
  return true;
}
