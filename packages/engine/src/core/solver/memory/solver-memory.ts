import type { Selector } from "../../execution/definition.ts";
import type { Rid } from "../../identity/rid.ts";
import type { Lookup } from "../lookups.ts";
import type { UnsatisfiedCount } from "../plan.ts";

/** Raised when what is remembered changes its form or meaning: an older memory is then not read. */
export const memoryVersion = 1;

/**
 * What a solve found and decided, kept for the next one: columns, so that reading it costs little. It is a cache: without
 * it the next solve finds the same.
 */
export interface SolverMemory {
  readonly version: typeof memoryVersion;
  /** Mark of the snapshot it was found in. */
  readonly mark: string;
  readonly revision: number;
  /** Mark of the history that was decided by. */
  readonly historyMark: string;
  /** True if no execution of that history had a living process, whose end would change decisions. */
  readonly settled: boolean;
  /** Source type → names of the dataset rows that groups hold, see `nameOfRow`. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Text of a requirement → its groups. */
  readonly answers: ReadonlyMap<string, RememberedAnswer>;
  readonly diagnostics: readonly RememberedDiagnostic[];
}

/** The groups of one requirement on one source type, rejected ones too, in key order. */
export interface RememberedAnswer {
  readonly sourceType: string;
  /** Facets of the selectors, in name order. */
  readonly facets: readonly string[];
  /** @shape [nGroup × nFacet] */
  readonly values: readonly string[];
  /** Names of the steps that removed groups. */
  readonly steps: readonly string[];
  /** Which step removed a group, −1 where it survived. @shape [nGroup] */
  readonly removedBy: Int16Array;
  /** Numbers of names, by group. */
  readonly datasets: Ragged;
  /** Look-ups, by group. */
  readonly lookups: Ragged<Lookup>;
}

/** Lists of numbers one after the other: list `i` is from `offsets[i]` to `offsets[i + 1]`. */
export interface Ragged<T extends number = number> {
  /** @shape [nList + 1] */
  readonly offsets: Int32Array;
  readonly items: Int32Array & ArrayLike<T>;
}

/** What one diagnostic came to. */
export interface RememberedDiagnostic {
  readonly provider: string;
  readonly diagnostic: string;
  /** Everything of its declaration that decides, as text. */
  readonly definition: string;
  readonly sets: readonly RememberedSet[];
  readonly unsatisfied: readonly UnsatisfiedCount[];
  /** Groups of the past that no candidate stands for. */
  readonly orphaned: readonly { readonly rid: Rid; readonly selectorDigest: string }[];
}

/** The candidates of one requirement set with their decisions, in the order of the plan. */
export interface RememberedSet {
  /** Text of the requirement that answered, by requirement of the set. */
  readonly answers: readonly string[];
  /** Which groups make a candidate: their places in the answers, by requirement. @shape [nCandidate × nRequirement] */
  readonly places: Ragged;
  readonly keys: readonly string[];
  /** Digests one after the other, each of the same length. */
  readonly selectorDigests: string;
  readonly fingerprints: string;
  readonly compatHashes: string;
  /** 1 where it runs. */
  readonly runs: Uint8Array;
  /** JSON of the list of reasons: most readers want none of it. */
  readonly reasons: string;
  /** RID of the group; empty when it has none. */
  readonly groups: readonly string[];
}

/** The selector of a remembered group. */
export function selectorAt({ facets, values }: RememberedAnswer, place: number): Selector {
  return facets.map((facet, at) => [facet, values[place * facets.length + at] as string] as const);
}

/** One list of a ragged column. */
export function listAt({ offsets, items }: Ragged, at: number): Int32Array {
  return items.subarray(offsets[at] as number, offsets[at + 1] as number);
}

/** A ragged column of lists. */
export function ragged(lists: readonly ArrayLike<number>[]): Ragged {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, at) => {
    offsets[at + 1] = (offsets[at] as number) + list.length;
  });
  const items = new Int32Array(offsets[lists.length] as number);
  lists.forEach((list, at) => {
    items.set(list, offsets[at] as number);
  });
  return { offsets, items };
}
