import { Defect } from "../errors.ts";
import type { Action, ActionRecord } from "./action.ts";
import { type ByteRange, decodeAction, decodeRecord, layout } from "./action-bytes.ts";
import { type ActionHeads, createActionHeads, type StoredRange } from "./action-heads.ts";
import { createOrdinalTable, type OrdinalTable } from "./ordinal-table.ts";
import { type Shape, shapeOf } from "./reading.ts";
import { createStepNames, type StepNames } from "./step-names.ts";

/** What is known of one step. */
interface StepEntry {
  /** Ordinal of its latest action; −1 when all were forgotten. */
  last: number;
  /** Ordinal of the action that its names point at. */
  current: number;
  /** One action for each set of paths read, newest set last; a number while there is one. */
  shapes: number | number[];
}

/** Actions by key and by step, as numbers and bytes: a hundred thousand of them cost little. */
export interface ActionIndex {
  /** Adds an action. A later one with the same key counts. */
  add(range: StoredRange): void;
  action(key: string): Action | undefined;
  current(step: string): Action | undefined;
  /** The action of an ordinal. */
  at(ordinal: number): Action;
  /** True if its step's names point at the action of an ordinal. */
  isCurrent(ordinal: number): boolean;
  /** Lets a step's names point at an action; nothing happens if there is none with the key. */
  point(step: string, key: string): void;
  /** Forgets one action. */
  remove(key: string): void;
  /** Forgets every action of a step. */
  drop(step: string): void;
  shapes(step: string): readonly Shape[];
  /** Newest first, at most `limit`. @param own only those with this own digest */
  recent(step: string, limit: number, options?: { readonly own?: string }): readonly Action[];
  record(action: Action): ActionRecord;
  /** The name of the step of the action that was added last. */
  lastStep(): string;
  /** Every action that was not forgotten, oldest first. */
  all(): Iterable<Action>;
  steps(): Iterable<string>;
}

/** The bytes of an action that was added, from where the store has them. */
export type ReadAction = (place: number, length: number) => Buffer;

interface IndexState {
  readonly heads: ActionHeads;
  readonly names: StepNames;
  readonly keys: OrdinalTable;
  readonly read: ReadAction;
  /** The key that is looked for. */
  readonly sought: Omit<ByteRange, "end">;
  /** For each action the one before of its step; −1 for none. */
  readonly previous: number[];
  /** By the steps' numbers. */
  readonly steps: StepEntry[];
  /** For each action its step. */
  readonly stepOf: number[];
  readonly forgotten: Set<number>;
  /** Most steps read the same paths: a shape is decoded once. */
  readonly shapes: Map<number, Shape>;
}

/** An index without actions. @param read gives an action's bytes again */
export function createActionIndex(read: ReadAction): ActionIndex {
  const heads = createActionHeads();
  const state: IndexState = {
    heads,
    names: createStepNames(heads),
    keys: createOrdinalTable({
      hash: (ordinal) => keyHash(heads.page(ordinal), heads.start(ordinal) + layout.key),
      same: (a, b) => hasKey(heads, a, { chunk: heads.page(b), start: heads.start(b) + layout.key }),
    }),
    read,
    sought: { chunk: Buffer.alloc(32), start: 0 },
    previous: [],
    steps: [],
    stepOf: [],
    forgotten: new Set(),
    shapes: new Map(),
  };
  const { names, steps, stepOf, forgotten } = state;
  return {
    add: (range) => add(state, range),
    action: (key) => {
      const ordinal = find(state, key);
      return ordinal === undefined || forgotten.has(ordinal) ? undefined : actionAt(state, ordinal, { key });
    },
    current: (step) => {
      const at = entryOf(state, step)?.current;
      return at === undefined || forgotten.has(at) ? undefined : actionAt(state, at);
    },
    at: (ordinal) => actionAt(state, ordinal),
    isCurrent: (ordinal) => steps[stepOf[ordinal] ?? -1]?.current === ordinal && !forgotten.has(ordinal),
    point: (step, key) => {
      const ordinal = find(state, key);
      const entry = entryOf(state, step);
      if (ordinal !== undefined && entry !== undefined) entry.current = ordinal;
    },
    remove: (key) => {
      const ordinal = find(state, key);
      if (ordinal !== undefined) forgotten.add(ordinal);
    },
    drop: (step) => {
      for (const ordinal of ordinalsOf(state, step)) forgotten.add(ordinal);
      const entry = entryOf(state, step);
      if (entry !== undefined) entry.last = -1;
    },
    shapes: (step) => shapesOf(state, step),
    recent: (step, limit, { own } = {}) => recent(state, step, { limit, own }),
    record: (action) => decodeRecord(wholeRange(state, action.ordinal), action),
    lastStep: () => names.name(stepOf.at(-1) ?? -1),
    all: function* () {
      for (let ordinal = 0; ordinal < heads.count(); ordinal++)
        if (!forgotten.has(ordinal)) yield actionAt(state, ordinal);
    },
    steps: function* () {
      for (const [number, { last }] of steps.entries()) if (last >= 0) yield names.name(number);
    },
  };
}

/** A step that has actions. */
function entryOf({ names, steps }: IndexState, step: string): StepEntry | undefined {
  const entry = steps[names.find(step) ?? -1];
  return entry === undefined || entry.last < 0 ? undefined : entry;
}

/** Keys are digests: any four of their bytes are a hash. */
function keyHash(chunk: Buffer, start: number): number {
  return chunk.readUInt32BE(start);
}

// allow-parameters: the heads, an action, and where a key lies
function hasKey(heads: ActionHeads, ordinal: number, key: Omit<ByteRange, "end">): boolean {
  const page = heads.page(ordinal);
  const from = heads.start(ordinal) + layout.key;
  return (
    page.readUInt32BE(from) === key.chunk.readUInt32BE(key.start) &&
    page.compare(key.chunk, key.start, key.start + 32, from, from + 32) === 0
  );
}

function find({ heads, keys, sought }: IndexState, key: string): number | undefined {
  if (sought.chunk.write(key, "hex") !== 32) return undefined;
  return keys.find({ hash: keyHash(sought.chunk, 0), is: (ordinal) => hasKey(heads, ordinal, sought) });
}

/** The head of an action. */
function headOf({ heads }: IndexState, ordinal: number): ByteRange {
  if (ordinal < 0 || ordinal >= heads.count()) throw new Defect(`there is no action ${ordinal}`);
  const chunk = heads.page(ordinal);
  return { chunk, start: heads.start(ordinal), end: chunk.length };
}

/** All of an action. */
function wholeRange({ heads, read }: IndexState, ordinal: number): ByteRange {
  if (ordinal < 0 || ordinal >= heads.count()) throw new Defect(`there is no action ${ordinal}`);
  const chunk = read(heads.place(ordinal), heads.length(ordinal));
  return { chunk, start: 0, end: chunk.length };
}

// allow-parameters: the index, which action, and its key where it is known already
function actionAt(state: IndexState, ordinal: number, options: { readonly key?: string } = {}): Action {
  return decodeAction(headOf(state, ordinal), ordinal, options);
}

function add(state: IndexState, range: StoredRange): void {
  const { heads, names, previous, steps, stepOf, keys } = state;
  const ordinal = heads.add(range);
  keys.insert(ordinal);
  const number = names.numberOf(ordinal);
  stepOf.push(number);
  const entry = steps[number];
  previous.push(entry?.last ?? -1);
  if (entry === undefined || entry.last < 0)
    steps[number] = { last: ordinal, current: ordinal, shapes: ordinal };
  else {
    entry.last = ordinal;
    entry.current = ordinal;
    addShape(state, entry, ordinal);
  }
}

/** Ordinals of a step's actions, newest first. */
function* ordinalsOf(state: IndexState, step: string): Generator<number> {
  const { previous, forgotten } = state;
  for (let at = entryOf(state, step)?.last ?? -1; at >= 0; at = previous[at] ?? -1)
    if (!forgotten.has(at)) yield at;
}

function recent(
  state: IndexState,
  step: string,
  { limit, own }: { readonly limit: number; readonly own: string | undefined },
): readonly Action[] {
  const found: Action[] = [];
  const wanted = own === undefined ? undefined : Buffer.from(own.slice(0, 16), "hex");
  for (const at of ordinalsOf(state, step)) {
    if (found.length >= limit) break;
    if (wanted === undefined || hasOwn(headOf(state, at), wanted)) found.push(actionAt(state, at));
  }
  return found;
}

function hasOwn({ chunk, start }: ByteRange, wanted: Buffer): boolean {
  return chunk.compare(wanted, 0, 8, start + layout.own, start + layout.own + 8) === 0;
}

/** The first six bytes of a shape's digest. Two shapes with the same would at worst give a miss. */
function shapeNumber({ heads }: IndexState, ordinal: number): number {
  return heads.page(ordinal).readUIntBE(heads.start(ordinal) + layout.shape, 6);
}

function shapesOf(state: IndexState, step: string): readonly Shape[] {
  const shapes = entryOf(state, step)?.shapes;
  if (shapes === undefined) return [];
  return typeof shapes === "number"
    ? [shapeAt(state, shapes)]
    : shapes.toReversed().map((ordinal) => shapeAt(state, ordinal));
}

function shapeAt(state: IndexState, ordinal: number): Shape {
  const number = shapeNumber(state, ordinal);
  const known = state.shapes.get(number);
  if (known !== undefined) return known;
  const range = wholeRange(state, ordinal);
  const shape = shapeOf(decodeRecord(range, decodeAction(range, ordinal)).ingredients.readings);
  state.shapes.set(number, shape);
  return shape;
}

// allow-parameters: the index, the step and its new action
function addShape(state: IndexState, entry: StepEntry, ordinal: number): void {
  const own = shapeNumber(state, ordinal);
  const shapes = typeof entry.shapes === "number" ? [entry.shapes] : entry.shapes;
  if (shapes.some((at) => shapeNumber(state, at) === own)) return;
  entry.shapes = [...shapes, ordinal];
}
