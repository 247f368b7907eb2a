import type { Diagnostic, Provider } from "../../diagnostic/diagnostic.ts";
import type { IgnoredFacets, RequirementAnswer } from "../answer.ts";
import type { Combination } from "../combine.ts";
import type { GroupOutcome } from "../group-outcome.ts";
import type { Reason } from "../plan.ts";
import { diagnosticText } from "./definition-text.ts";
import { listAt, type RememberedDiagnostic, type RememberedSet, type SolverMemory } from "./solver-memory.ts";

/** Hex digits of a digest of ours. */
const digestLength = 64;

/** Hex digits of the reference's hash. */
const compatLength = 40;

/** What names a candidate and its inputs; it follows from the groups and the definition of the diagnostic. */
export interface CandidateIdentity {
  readonly key: string;
  readonly selectorDigest: string;
  readonly fingerprint: string;
  readonly compatHash: string;
}

/** Where a candidate lies in the memory. */
export interface RememberedPlace {
  readonly set: RememberedSet;
  readonly row: number;
  readonly reasons: () => readonly Reason[];
}

/** What is remembered of a diagnostic that is still declared as it was. */
export function rememberedDiagnostic(
  memory: SolverMemory,
  provider: Provider,
  { diagnostic, ignored }: { readonly diagnostic: Diagnostic; readonly ignored: IgnoredFacets | undefined },
): RememberedDiagnostic | undefined {
  const found = memory.diagnostics.find(
    (each) => each.provider === provider.slug && each.diagnostic === diagnostic.slug,
  );
  return found?.definition === diagnosticText(diagnostic, ignored) ? found : undefined;
}

/**
 * Finds remembered candidates of a set by the groups that make them.
 * @param answers text of the requirement that answered now, by requirement of the set
 */
export function recalledCandidates(
  set: RememberedSet | undefined,
  answers: readonly (string | undefined)[],
): (combination: Combination) => RememberedPlace | undefined {
  if (set === undefined || answers.some((text, at) => text === undefined || text !== set.answers[at]))
    return () => undefined;
  const reasons = reasonsOf(set);
  const rows = new Map(Array.from(set.keys, (_, row) => [placesText(placesAt(set, row)), row] as const));
  return (combination) => {
    const places = placesOf(combination);
    const row = places === undefined ? undefined : rows.get(placesText(places));
    return row === undefined ? undefined : { set, row, reasons };
  };
}

/** A combination, with where memory has it if it does. */
export interface FoundCombination {
  readonly combination: Combination;
  readonly remembered: RememberedPlace | undefined;
}

/**
 * The combinations of a set as they are remembered, row by row, where no change reaches any group of its requirements:
 * nothing has to be combined anew then.
 */
export function untouchedCombinations(
  set: RememberedSet,
  answers: readonly RequirementAnswer[],
): readonly FoundCombination[] | undefined {
  const same = answers.every((answer, at) => answer.untouched && answerText(answer) === set.answers[at]);
  if (!same) return undefined;
  const reasons = reasonsOf(set);
  return set.keys.map((_, row) => ({
    combination: answers.map(({ outcomes }, at) =>
      Array.from(listAt(set.places, row * answers.length + at), (place) => outcomes[place] as GroupOutcome),
    ),
    remembered: { set, row, reasons },
  }));
}

/** What names an answer: the text of its requirement; empty when it has no group. Undefined when no text says it. */
export function answerText({ text, groups }: RequirementAnswer): string | undefined {
  return groups.length === 0 ? "" : text;
}

/** Places of the groups of a remembered candidate, by requirement. */
export function placesAt({ answers, places }: RememberedSet, row: number): readonly ArrayLike<number>[] {
  return answers.map((_, at) => listAt(places, row * answers.length + at));
}

/** Places of the groups of a combination; undefined when a group has none. */
function placesOf(combination: Combination): readonly (readonly number[])[] | undefined {
  const places = combination.map((groups) => groups.map((group) => (group as GroupOutcome).place ?? -1));
  return places.some((each) => each.includes(-1)) ? undefined : places;
}

/** Places as text: `,` after each, `;` after those of a requirement. */
function placesText(places: readonly ArrayLike<number>[]): string {
  let text = "";
  for (const each of places) {
    for (let at = 0; at < each.length; at++) text += `${each[at]},`;
    text += ";";
  }
  return text;
}

/** The reasons of a remembered set, parsed when first asked for. */
export function reasonsOf(set: RememberedSet): () => readonly Reason[] {
  let reasons: readonly Reason[] | undefined;
  // The text is this program's own.
  return () => (reasons ??= JSON.parse(set.reasons) as readonly Reason[]);
}

/** What names a remembered candidate. */
export function identityAt({ set, row }: Pick<RememberedPlace, "set" | "row">): CandidateIdentity {
  const digest = (text: string, length: number): string => text.slice(row * length, (row + 1) * length);
  return {
    key: set.keys[row] as string,
    selectorDigest: digest(set.selectorDigests, digestLength),
    fingerprint: digest(set.fingerprints, digestLength),
    compatHash: digest(set.compatHashes, compatLength),
  };
}
