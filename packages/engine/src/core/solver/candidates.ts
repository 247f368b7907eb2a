import type { Diagnostic, Provider, RequirementSet } from "../diagnostic/diagnostic.ts";
import { answerRequirement, type IgnoredFacets, type RequirementAnswer, type Workspace } from "./answer.ts";
import {
  type Candidate,
  type CandidatePart,
  compatHashOf,
  fingerprintOf,
  keyOfParts,
  parametersDigest,
  partsOf,
  selectorDigestOf,
} from "./candidate.ts";
import { combine, labelOf, partnerlessGroups } from "./combine.ts";
import {
  answerText,
  type CandidateIdentity,
  type FoundCombination,
  identityAt,
  recalledCandidates,
  rememberedDiagnostic,
  untouchedCombinations,
} from "./memory/recalled-candidates.ts";
import type { RememberedSet } from "./memory/solver-memory.ts";
import type { UnsatisfiedCount } from "./plan.ts";

/** All candidates of a diagnostic, and what was removed on the way. */
export interface DiagnosticCandidates {
  readonly provider: Provider;
  readonly diagnostic: Diagnostic;
  readonly ignored: IgnoredFacets | undefined;
  /** Per requirement set the answers of its requirements. */
  readonly answers: readonly (readonly RequirementAnswer[])[];
  readonly candidates: readonly Candidate[];
  /** Selector digest → the candidate that counts: of equal ones that of the first set. */
  readonly firstOf: ReadonlyMap<string, Candidate>;
  readonly unsatisfied: readonly UnsatisfiedCount[];
}

/**
 * Finds the candidates of a diagnostic: the union over its requirement sets of the products of their groups.
 * @throws PROVIDER_INVALID when a user's own constraint fails
 */
export function findCandidates(
  workspace: Workspace,
  provider: Provider,
  { diagnostic, ignored }: { readonly diagnostic: Diagnostic; readonly ignored?: IgnoredFacets },
): DiagnosticCandidates {
  const parameters = parametersDigest(diagnostic);
  const { recollection } = workspace;
  const memory = recollection && rememberedDiagnostic(recollection.memory, provider, { diagnostic, ignored });
  const candidates: Candidate[] = [];
  const unsatisfied: UnsatisfiedCount[] = [];
  const answersOf: (readonly RequirementAnswer[])[] = [];
  for (const [at, set] of diagnostic.requirementSets.entries()) {
    const answers = set.map((requirement) => answerRequirement(workspace, requirement, { ignored }));
    answersOf.push(answers);
    const found = combinationsOf(set, answers, memory?.sets[at]);
    for (const { combination, remembered } of found) {
      const parts = partsOf(set, combination, { answers });
      const { key, selectorDigest, fingerprint, compatHash } =
        remembered === undefined ? identityOf(parts, parameters) : identityAt(remembered);
      const identity = { provider, diagnostic, set: at, key, selectorDigest, fingerprint, compatHash };
      const candidate = { ...identity, parts, parametersDigest: parameters, combination };
      candidates.push(remembered === undefined ? candidate : { ...candidate, remembered });
    }
    const names = { provider: provider.slug, diagnostic: diagnostic.slug, set: at };
    const partnerless = partnerlessGroups(set, answers, found);
    for (const count of countsOf(set, answers, { partnerless })) unsatisfied.push({ ...names, ...count });
  }
  const firstOf = new Map<string, Candidate>();
  for (const candidate of candidates)
    if (!firstOf.has(candidate.selectorDigest)) firstOf.set(candidate.selectorDigest, candidate);
  return { provider, diagnostic, ignored, answers: answersOf, candidates, firstOf, unsatisfied };
}

/** The combinations of a set, with where memory has those that it holds. */
// allow-parameters: the set, what answers it, and what is remembered of it
function combinationsOf(
  set: RequirementSet,
  answers: readonly RequirementAnswer[],
  known: RememberedSet | undefined,
): readonly FoundCombination[] {
  const untouched = known && untouchedCombinations(known, answers);
  if (untouched !== undefined) return untouched;
  const recall = recalledCandidates(known, answers.map(answerText));
  return combine(set, answers).map((combination) => ({ combination, remembered: recall(combination) }));
}

function identityOf(parts: readonly CandidatePart[], parameters: string): CandidateIdentity {
  return {
    key: keyOfParts(parts),
    selectorDigest: selectorDigestOf(parts),
    fingerprint: fingerprintOf(parts, parameters),
    compatHash: compatHashOf(parts),
  };
}

/** Groups removed per required requirement and step; an optional requirement cannot be unsatisfied. */
function countsOf(
  set: RequirementSet,
  answers: readonly RequirementAnswer[],
  { partnerless }: { readonly partnerless: readonly number[] },
): readonly Pick<UnsatisfiedCount, "requirement" | "step" | "groups">[] {
  return set.flatMap((requirement, at) => {
    if (requirement.optional === true) return [];
    const alone = partnerless[at] ?? 0;
    const steps = [...(answers[at]?.removed ?? []), ...(alone > 0 ? [["partner", alone] as const] : [])];
    return steps.map(([step, groups]) => ({ requirement: labelOf(requirement), step, groups }));
  });
}
