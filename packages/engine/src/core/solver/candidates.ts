import type { Diagnostic, Provider, RequirementSet } from "../diagnostic/diagnostic.ts";
import { answerRequirement, type IgnoredFacets, type RequirementAnswer, type Workspace } from "./answer.ts";
import {
  type Candidate,
  compatHashOf,
  fingerprintOf,
  keyOfParts,
  parametersDigest,
  partsOf,
  selectorDigestOf,
} from "./candidate.ts";
import { combine, labelOf } from "./combine.ts";
import type { UnsatisfiedCount } from "./plan.ts";

/** All candidates of a diagnostic, and what was removed on the way. */
export interface DiagnosticCandidates {
  readonly provider: Provider;
  readonly diagnostic: Diagnostic;
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
  const candidates: Candidate[] = [];
  const unsatisfied: UnsatisfiedCount[] = [];
  for (const [at, set] of diagnostic.requirementSets.entries()) {
    const answers = set.map((requirement) => answerRequirement(workspace, requirement, { ignored }));
    const { combinations, partnerless } = combine(set, answers);
    for (const combination of combinations) {
      const parts = partsOf(set, combination, { answers });
      candidates.push({
        provider,
        diagnostic,
        set: at,
        parts,
        key: keyOfParts(parts),
        selectorDigest: selectorDigestOf(parts),
        fingerprint: fingerprintOf(parts, parameters),
        compatHash: compatHashOf(parts),
        parametersDigest: parameters,
      });
    }
    const names = { provider: provider.slug, diagnostic: diagnostic.slug, set: at };
    for (const count of countsOf(set, answers, { partnerless })) unsatisfied.push({ ...names, ...count });
  }
  const firstOf = new Map<string, Candidate>();
  for (const candidate of candidates)
    if (!firstOf.has(candidate.selectorDigest)) firstOf.set(candidate.selectorDigest, candidate);
  return { provider, diagnostic, candidates, firstOf, unsatisfied };
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
