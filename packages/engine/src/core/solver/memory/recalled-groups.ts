import type { Selector } from "../../execution/definition.ts";
import { compareCodeUnits } from "../../identity/compare.ts";
import { idOfName } from "./row-names.ts";
import { listAt, type RememberedAnswer, type SolverMemory, selectorAt } from "./solver-memory.ts";

/** Reads the groups of remembered answers; what candidates have in common is made once. */
export interface GroupReader {
  readonly selector: (place: number) => Selector;
  /** Ids of the datasets of one group. */
  readonly ids: (place: number) => readonly string[];
  /** Ids of the datasets of several groups, each once. */
  readonly idsOfAll: (places: readonly number[]) => readonly string[];
}

/** A reader of each answer of a memory, made when first asked for. */
export function groupReaders(memory: SolverMemory): (text: string) => GroupReader | undefined {
  const readers = new Map<string, GroupReader>();
  return (text) => {
    const answer = memory.answers.get(text);
    if (answer === undefined) return undefined;
    const reader = readers.get(text) ?? groupReader(answer, memory.names.get(answer.sourceType) ?? []);
    readers.set(text, reader);
    return reader;
  };
}

function groupReader(answer: RememberedAnswer, names: readonly string[]): GroupReader {
  const selectors: Selector[] = [];
  const ids: (readonly string[])[] = [];
  const namesOf = (place: number): readonly string[] =>
    Array.from(listAt(answer.datasets, place), (number) => names[number] as string);
  return {
    selector: (place) => (selectors[place] ??= selectorAt(answer, place)),
    ids: (place) => (ids[place] ??= idsOfNames(namesOf(place))),
    idsOfAll: (places) => idsOfNames([...new Set(places.flatMap(namesOf))].sort(compareCodeUnits)),
  };
}

/** Names in catalog order as ids: both halves of a split dataset are one. */
function idsOfNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(idOfName))];
}
