import { Defect } from "../errors.ts";
import type { ActionIndex } from "./action-index.ts";
import type { CodeFacts } from "./code-facts.ts";
import type { StepHistory, StepMark } from "./history.ts";
import type { AcceptedChange, Pin, SavedProduct, StoreNote } from "./store-note.ts";

/** What a store knows, from its records in their order. */
export interface NoteIndex {
  /** Takes in a note. */
  add(note: StoreNote): void;
  /** To be told of each action: earlier marks of its step are over. @param step gives its step's name */
  acted(step: () => string): void;
  readonly saved: ReadonlyMap<string, SavedProduct>;
  readonly pins: ReadonlyMap<string, Pin>;
  readonly code: ReadonlyMap<string, CodeFacts>;
  accepted(): readonly AcceptedChange[];
  /** History over these notes and the actions. @param holds whether an output's bytes are there */
  history(holds: StepHistory["holds"]): StepHistory;
}

interface Notes {
  readonly failures: Map<string, StepMark>;
  readonly invalidations: Map<string, StepMark>;
  readonly saved: Map<string, SavedProduct>;
  readonly pins: Map<string, Pin>;
  readonly code: Map<string, CodeFacts>;
  readonly accepted: Map<string, AcceptedChange>;
}

/** An index without notes. */
export function createNoteIndex(actions: ActionIndex): NoteIndex {
  const notes: Notes = {
    failures: new Map(),
    invalidations: new Map(),
    saved: new Map(),
    pins: new Map(),
    code: new Map(),
    accepted: new Map(),
  };
  const { failures, invalidations, saved, pins, code, accepted } = notes;
  return {
    add: (note) => addNote(notes, note, { actions }),
    acted: (step) => {
      if (failures.size === 0 && invalidations.size === 0) return;
      const name = step();
      failures.delete(name);
      invalidations.delete(name);
    },
    saved,
    pins,
    code,
    accepted: () => [...accepted.values()],
    history: (holds) => ({
      shapes: actions.shapes,
      action: actions.action,
      current: actions.current,
      at: actions.at,
      isCurrent: actions.isCurrent,
      recent: actions.recent,
      withOwn: (step, own) => actions.recent(step, 16, { own }),
      record: actions.record,
      failure: (step) => failures.get(step),
      invalidation: (step) => invalidations.get(step),
      code: (digest) => code.get(digest),
      saved: (product) => saved.get(product)?.output,
      acceptedCode: (step, digest) => acceptedCode(accepted, step, digest),
      holds,
    }),
  };
}

// allow-parameters: what is known, what comes, and the actions that it may be about
function addNote(notes: Notes, note: StoreNote, { actions }: { readonly actions: ActionIndex }): void {
  switch (note.kind) {
    case "current":
      return actions.point(note.step, note.key);
    case "failed":
      return void notes.failures.set(note.step, note);
    case "invalidated":
      actions.drop(note.step);
      return void notes.invalidations.set(note.step, note);
    case "code":
      return void notes.code.set(note.facts.digest, note.facts);
    case "saved":
      return void notes.saved.set(note.output.product, note);
    case "removed":
      return void notes.saved.delete(note.product);
    case "accepted":
      return void notes.accepted.set(`${note.step}\n${note.to}`, note);
    case "pinned":
      return void notes.pins.set(note.product, note);
    case "unpinned":
      return void notes.pins.delete(note.product);
    default:
      throw new Defect(`a note of unknown kind: ${JSON.stringify(note)}`);
  }
}

/** Follows accepted changes back to the first code. allow-parameters: the changes, whose, and from where */
function acceptedCode(accepted: ReadonlyMap<string, AcceptedChange>, step: string, digest: string): string {
  if (accepted.size === 0) return digest;
  const seen = new Set<string>();
  for (let at = digest; ; ) {
    const change = accepted.get(`${step}\n${at}`);
    if (change === undefined || change.reverted || seen.has(at)) return at;
    seen.add(at);
    at = change.from;
  }
}
