import { Defect } from "../errors.ts";
import type { Action, ActionRecord } from "./action.ts";
import { type ByteRange, decodeAction, decodeRecord, layout, stepNameIn } from "./action-bytes.ts";
import { createKeyTable, type KeyTable } from "./key-table.ts";
import { type Shape, shapeOf } from "./reading.ts";

/** What is known of one step. */
interface StepEntry {
  /** Ordinal of its latest action. */
  last: number;
  /** Ordinal of the action that its names point at. */
  current: number;
  /** One action for each set of paths read, newest set last; a number while there is one. */
  shapes: number | number[];
}

/** Actions by key and by step, as their bytes: a hundred thousand of them cost little more than the bytes do. */
export interface ActionIndex {
  /** Adds an action's bytes; they must stay as they are. A later one with the same key counts. @returns its step */
  add(range: ByteRange): string;
  action(key: string): Action | undefined;
  /** Ordinal of the action that a step's names point at. */
  currentOrdinal(step: string): number | undefined;
  current(step: string): Action | undefined;
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
  /** Every action that was not forgotten, oldest first. */
  all(): Iterable<Action>;
  steps(): Iterable<string>;
}

interface IndexState {
  readonly ranges: ByteRange[];
  /** For each action the one before of its step; −1 for none. */
  readonly previous: number[];
  readonly steps: Map<string, StepEntry>;
  readonly forgotten: Set<number>;
  readonly decoded: Action[];
  readonly keys: KeyTable;
  /** Most steps read the same paths: a shape is decoded once. */
  readonly shapes: Map<number, Shape>;
}

/** An index without actions. */
export function createActionIndex(): ActionIndex {
  const ranges: ByteRange[] = [];
  const state: IndexState = {
    ranges,
    previous: [],
    steps: new Map(),
    forgotten: new Set(),
    decoded: [],
    keys: createKeyTable((ordinal) => rangeAt(state, ordinal)),
    shapes: new Map(),
  };
  const { steps, forgotten, keys } = state;
  const currentOrdinal = (step: string): number | undefined => {
    const at = steps.get(step)?.current;
    return at === undefined || forgotten.has(at) ? undefined : at;
  };
  return {
    add: (range) => add(state, range),
    action: (key) => {
      const ordinal = keys.find(Buffer.from(key, "hex"));
      return ordinal === undefined || forgotten.has(ordinal) ? undefined : actionAt(state, ordinal, { key });
    },
    currentOrdinal,
    current: (step) => {
      const at = currentOrdinal(step);
      return at === undefined ? undefined : actionAt(state, at);
    },
    point: (step, key) => {
      const ordinal = keys.find(Buffer.from(key, "hex"));
      const entry = steps.get(step);
      if (ordinal !== undefined && entry !== undefined) entry.current = ordinal;
    },
    remove: (key) => {
      const ordinal = keys.find(Buffer.from(key, "hex"));
      if (ordinal !== undefined) forgotten.add(ordinal);
    },
    drop: (step) => {
      for (const ordinal of ordinalsOf(state, step)) forgotten.add(ordinal);
      steps.delete(step);
    },
    shapes: (step) => shapesOf(state, step),
    recent: (step, limit, { own } = {}) => recent(state, step, { limit, own }),
    record: (action) => decodeRecord(rangeAt(state, action.ordinal), action),
    all: function* () {
      for (const ordinal of ranges.keys()) if (!forgotten.has(ordinal)) yield actionAt(state, ordinal);
    },
    steps: () => steps.keys(),
  };
}

function rangeAt({ ranges }: IndexState, ordinal: number): ByteRange {
  const range = ranges[ordinal];
  if (range === undefined) throw new Defect(`there is no action ${ordinal}`);
  return range;
}

/** An action, decoded once. @param key its key, where it is known already */
function actionAt(state: IndexState, ordinal: number, options: { readonly key?: string } = {}): Action {
  const known = state.decoded[ordinal];
  if (known !== undefined) return known;
  const action = decodeAction(rangeAt(state, ordinal), ordinal, options);
  state.decoded[ordinal] = action;
  return action;
}

function add(state: IndexState, range: ByteRange): string {
  const { ranges, previous, steps, keys } = state;
  const ordinal = ranges.length;
  ranges.push(range);
  keys.insert(ordinal);
  const name = stepNameIn(range);
  const entry = steps.get(name);
  previous.push(entry?.last ?? -1);
  if (entry === undefined) steps.set(name, { last: ordinal, current: ordinal, shapes: ordinal });
  else {
    entry.last = ordinal;
    entry.current = ordinal;
    addShape(state, entry, ordinal);
  }
  return name;
}

/** Ordinals of a step's actions, newest first. */
function* ordinalsOf({ steps, previous, forgotten }: IndexState, step: string): Generator<number> {
  for (let at = steps.get(step)?.last ?? -1; at >= 0; at = previous[at] ?? -1)
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
    if (wanted === undefined || hasOwn(rangeAt(state, at), wanted)) found.push(actionAt(state, at));
  }
  return found;
}

function hasOwn({ chunk, start }: ByteRange, wanted: Buffer): boolean {
  return chunk.compare(wanted, 0, 8, start + layout.own, start + layout.own + 8) === 0;
}

/** The first six bytes of a shape's digest. Two shapes with the same would at worst give a miss. */
function shapeNumber({ chunk, start }: ByteRange): number {
  return chunk.readUIntBE(start + layout.shape, 6);
}

function shapesOf(state: IndexState, step: string): readonly Shape[] {
  const shapes = state.steps.get(step)?.shapes;
  if (shapes === undefined) return [];
  return typeof shapes === "number"
    ? [shapeAt(state, shapes)]
    : shapes.toReversed().map((ordinal) => shapeAt(state, ordinal));
}

function shapeAt(state: IndexState, ordinal: number): Shape {
  const range = rangeAt(state, ordinal);
  const number = shapeNumber(range);
  const known = state.shapes.get(number);
  if (known !== undefined) return known;
  const shape = shapeOf(decodeRecord(range, decodeAction(range, ordinal)).ingredients.readings);
  state.shapes.set(number, shape);
  return shape;
}

// allow-parameters: the index, the step and its new action
function addShape(state: IndexState, entry: StepEntry, ordinal: number): void {
  const own = shapeNumber(rangeAt(state, ordinal));
  const shapes = typeof entry.shapes === "number" ? [entry.shapes] : entry.shapes;
  if (shapes.some((at) => shapeNumber(rangeAt(state, at)) === own)) return;
  entry.shapes = [...shapes, ordinal];
}
