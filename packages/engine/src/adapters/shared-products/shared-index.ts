import type { Action, ActionRecord, Output } from "../../core/steps/action.ts";
import type { CodeFacts } from "../../core/steps/code-facts.ts";
import { type Shape, shapeOf } from "../../core/steps/reading.ts";
import { isSound, replaces, type SharedActions } from "../../core/steps/shared-actions.ts";

/** What is known of a shared store: actions by key and by step, and which outputs they have. */
export interface SharedIndex {
  add(part: SharedActions): void;
  /** @returns undefined for one that is not there, or whose key is not that of its ingredients */
  record(key: string): ActionRecord | undefined;
  shapes(step: string): readonly Shape[];
  withOwn(step: string, own: string): readonly ActionRecord[];
  code(digest: string): CodeFacts | undefined;
  /** An action with an output of this digest, with that output. */
  origin(digest: string): OutputOrigin | undefined;
  small(sha256: string): Uint8Array | undefined;
}

/** An output and the action that it is of. */
export interface OutputOrigin {
  readonly record: ActionRecord;
  readonly output: Output;
}

/** What tells an action of the shared store from own ones, which have their place in the order of recording. */
export const sharedOrdinal = -2;

/** An action of the shared store. */
export function sharedAction({ key, outputs }: ActionRecord): Action {
  return { key, outputs, ordinal: sharedOrdinal };
}

/** An index without actions. */
export function createSharedIndex(): SharedIndex {
  const actions = new Map<string, ActionRecord>();
  const steps = new Map<string, Set<string>>();
  const shapes = new Map<string, Map<string, Shape>>();
  const codes = new Map<string, CodeFacts>();
  const origins = new Map<string, OutputOrigin>();
  const small = new Map<string, Uint8Array>();
  const put = (record: ActionRecord): void => {
    const { key, step, shape, ingredients, outputs } = record;
    const known = actions.get(key);
    if (known !== undefined && !replaces(record, known)) return;
    actions.set(key, record);
    memberOf(steps, step, () => new Set<string>()).add(key);
    memberOf(shapes, step, () => new Map<string, Shape>()).set(shape, shapeOf(ingredients.readings));
    for (const output of outputs) origins.set(output.digest, { record, output });
  };
  const sound = (key: string): ActionRecord | undefined => {
    const record = actions.get(key);
    return record !== undefined && isSound(record) ? record : undefined;
  };
  return {
    add: (part) => {
      for (const [sha256, bytes] of part.small) small.set(sha256, bytes);
      for (const facts of part.codes) codes.set(facts.digest, facts);
      for (const record of part.actions) put(record);
    },
    record: sound,
    shapes: (step) => [...(shapes.get(step)?.values() ?? [])],
    withOwn: (step, own) =>
      [...(steps.get(step) ?? [])].flatMap((key) => sound(key) ?? []).filter((each) => each.own === own),
    code: (digest) => codes.get(digest),
    origin: (digest) => origins.get(digest),
    small: (sha256) => small.get(sha256),
  };
}

// allow-parameters: the map, whose member, and what an absent one is
function memberOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
