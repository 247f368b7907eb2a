import type { Snapshot } from "../catalog/snapshot.ts";
import type { Diagnostic, Provider } from "../diagnostic/diagnostic.ts";
import { isAlmanacError } from "../errors.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import type { Rid } from "../identity/rid.ts";
import { openWorkspace, type Workspace } from "./answer.ts";
import { type Candidate, contentIdsOf, idsOfPart } from "./candidate.ts";
import { type DiagnosticCandidates, findCandidates } from "./candidates.ts";
import { decide, type Ruling } from "./decide.ts";
import { isChosen, isShown } from "./filters.ts";
import type { History, PastGroup } from "./history.ts";
import { limitRuns } from "./limits.ts";
import type { IgnoreList, SolveOptions } from "./options.ts";
import { wholeDatasets } from "./partly-timed.ts";
import type { Decision, Plan, SolveError, UnsatisfiedCount } from "./plan.ts";

/** Everything a solve depends on beside catalog and providers. */
export interface SolveInput extends SolveOptions {
  readonly history: History;
  readonly ignore?: IgnoreList;
}

/**
 * Matches the diagnostics with the catalog and decides about every candidate. Pure: the same input gives the same
 * plan, whatever the order of providers. A diagnostic whose own constraint fails is in `errors`; the others go on.
 * Datasets that have not been opened are taken as their paths tell; `datasetsToOpen` says which should be opened first.
 */
export function solve(snapshot: Snapshot, providers: readonly Provider[], options: SolveInput): Plan {
  const workspace = openWorkspace(snapshot);
  const past = new Map(
    options.history.groups.map((group) => [groupName(group, group.selectorDigest), group]),
  );
  const plan = {
    decisions: [] as Decision[],
    unsatisfied: [] as UnsatisfiedCount[],
    errors: [] as SolveError[],
  };
  const found: DiagnosticCandidates[] = [];
  let hidden = 0;
  for (const { provider, diagnostic } of chosenDiagnostics(providers, options)) {
    const answer = tryCandidates(workspace, { provider, diagnostic, input: options });
    if ("message" in answer) {
      plan.errors.push(answer);
      continue;
    }
    found.push(answer);
    plan.unsatisfied.push(...answer.unsatisfied);
    const shown = answer.candidates.filter((candidate) => isShown(candidate, options));
    hidden += answer.candidates.length - shown.length;
    plan.decisions.push(...decideAll(shown, answer, { past, input: options }));
  }
  return {
    revision: snapshot.revision,
    ...plan,
    decisions: limitRuns(plan.decisions, options),
    hidden,
    orphaned: orphansOf(found, options.history),
  };
}

/** The diagnostics that the options let through, in order of provider and slug. */
export function chosenDiagnostics(
  providers: readonly Provider[],
  options: SolveOptions,
): readonly { readonly provider: Provider; readonly diagnostic: Diagnostic }[] {
  const bySlug = (a: { readonly slug: string }, b: { readonly slug: string }): number =>
    compareCodeUnits(a.slug, b.slug);
  return providers.toSorted(bySlug).flatMap((provider) =>
    provider.diagnostics
      .filter(({ slug }) => isChosen(provider, slug, options))
      .toSorted(bySlug)
      .map((diagnostic) => ({ provider, diagnostic })),
  );
}

function tryCandidates(
  workspace: Workspace,
  {
    provider,
    diagnostic,
    input,
  }: { readonly provider: Provider; readonly diagnostic: Diagnostic; readonly input: SolveInput },
): DiagnosticCandidates | SolveError {
  const ignored = input.ignore?.[provider.slug]?.[diagnostic.slug];
  try {
    return findCandidates(workspace, provider, { diagnostic, ...(ignored === undefined ? {} : { ignored }) });
  } catch (error) {
    if (!isAlmanacError(error, "PROVIDER_INVALID")) throw error;
    return { provider: provider.slug, diagnostic: diagnostic.slug, message: error.message };
  }
}

function decideAll(
  shown: readonly Candidate[],
  { firstOf }: DiagnosticCandidates,
  { past, input }: { readonly past: ReadonlyMap<string, PastGroup>; readonly input: SolveInput },
): readonly Decision[] {
  const decisions = shown.map((candidate) => {
    const first = firstOf.get(candidate.selectorDigest) as Candidate;
    if (first !== candidate) return toDecision(candidate, shadowedBy(first));
    const { provider, diagnostic } = candidate;
    const name = { provider: provider.slug, diagnostic: diagnostic.slug, version: diagnostic.version };
    const group = past.get(groupName(name, candidate.selectorDigest));
    const ruling = decide(group, {
      fingerprint: candidate.fingerprint,
      compatHash: candidate.compatHash,
      parametersDigest: candidate.parametersDigest,
      contents: () => contentsOf(candidate),
      rerunFailed: input.rerunFailed === true,
    });
    return toDecision(candidate, ruling, group?.rid);
  });
  return decisions.toSorted(
    (a, b) =>
      a.set - b.set || compareCodeUnits(a.key, b.key) || compareCodeUnits(a.selectorDigest, b.selectorDigest),
  );
}

function groupName(
  { provider, diagnostic, version }: Pick<PastGroup, "provider" | "diagnostic" | "version">,
  selectorDigest: string,
): string {
  return `${provider}/${diagnostic}/${version}/${selectorDigest}`;
}

function shadowedBy(first: Candidate): Ruling {
  const message = `requirement set ${first.set + 1} gives the same group and comes first`;
  return { decision: "skip", reason: { code: "shadowed", message } };
}

function contentsOf(candidate: Candidate): ReadonlyMap<string, readonly string[]> {
  return new Map(
    candidate.parts.flatMap(({ index, datasets }) =>
      wholeDatasets(index.table, datasets).map((whole) => [whole.id, contentIdsOf(index, whole)] as const),
    ),
  );
}

function toDecision(candidate: Candidate, ruling: Ruling, group?: Rid): Decision {
  const { provider, diagnostic, set, parts } = candidate;
  const required = parts.filter(({ optional }) => !optional);
  return {
    provider: provider.slug,
    providerVersion: provider.version,
    diagnostic: diagnostic.slug,
    version: diagnostic.version,
    set,
    key: candidate.key,
    selectorDigest: candidate.selectorDigest,
    selectors: Object.fromEntries(required.map(({ label, selector }) => [label, selector])),
    decision: ruling.decision,
    reasons: [ruling.reason],
    ...(group === undefined ? {} : { group }),
    datasets: Object.fromEntries(parts.map((part) => [part.label, idsOfPart(part)])),
    fingerprint: candidate.fingerprint,
    compatHash: candidate.compatHash,
  };
}

/** Groups of the solved diagnostics' present versions that no candidate, shown or hidden, stands for. */
function orphansOf(found: readonly DiagnosticCandidates[], history: History): readonly Rid[] {
  const byName = new Map(
    found.map((each) => [`${each.provider.slug}/${each.diagnostic.slug}/${each.diagnostic.version}`, each]),
  );
  return history.groups
    .filter(({ provider, diagnostic, version, selectorDigest }) => {
      const solved = byName.get(`${provider}/${diagnostic}/${version}`);
      return solved !== undefined && !solved.firstOf.has(selectorDigest);
    })
    .map(({ rid }) => rid)
    .sort(compareCodeUnits);
}
