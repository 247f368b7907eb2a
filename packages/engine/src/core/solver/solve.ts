import type { Snapshot } from "../catalog/snapshot.ts";
import type { Diagnostic, Provider } from "../diagnostic/diagnostic.ts";
import { isAlmanacError } from "../errors.ts";
import type { Selector } from "../execution/definition.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import type { Rid } from "../identity/rid.ts";
import { openWorkspace, type Workspace } from "./answer.ts";
import { type Candidate, contentIdsOf, idsOfPart } from "./candidate.ts";
import { type DiagnosticCandidates, findCandidates } from "./candidates.ts";
import { decide, type Ruling } from "./decide.ts";
import { isChosen, isShown } from "./filters.ts";
import type { History, PastGroup } from "./history.ts";
import { limitRuns } from "./limits.ts";
import { rememberedRuling } from "./memory/remembered-ruling.ts";
import type { IgnoreList, SolveOptions } from "./options.ts";
import { wholeDatasets } from "./partly-timed.ts";
import type { Decision, Plan, SolveError } from "./plan.ts";

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
  return decideFindings(findAll(openWorkspace(snapshot), providers, options), options);
}

/** What was found in a snapshot, before the past is asked. */
export interface Findings {
  readonly workspace: Workspace;
  readonly found: readonly DiagnosticCandidates[];
  readonly errors: readonly SolveError[];
}

/** Finds the candidates of all chosen diagnostics. */
export function findAll(
  workspace: Workspace,
  providers: readonly Provider[],
  options: SolveOptions & Pick<SolveInput, "ignore">,
): Findings {
  const found: DiagnosticCandidates[] = [];
  const errors: SolveError[] = [];
  for (const { provider, diagnostic } of chosenDiagnostics(providers, options)) {
    const answer = tryCandidates(workspace, { provider, diagnostic, ignore: options.ignore });
    if ("message" in answer) errors.push(answer);
    else found.push(answer);
  }
  return { workspace, found, errors };
}

/** How to decide about what was found. */
export interface DecideInput extends SolveInput {
  /**
   * True: the past is that of the memory, and candidates that it holds are decided as then. The history need only tell of
   * the groups that `pastsToAsk` names.
   */
  readonly asRemembered?: boolean;
}

/** Decides about what was found. */
export function decideFindings({ workspace, found, errors }: Findings, options: DecideInput): Plan {
  const past = pastByName(options.history);
  const recorded = groupsByDiagnostic(options.history);
  const decisions: Decision[] = [];
  let hidden = 0;
  for (const answer of found) {
    const shown = answer.candidates.filter((candidate) => isShown(candidate, options));
    hidden += answer.candidates.length - shown.length;
    for (const ruled of ruleAll(shown, answer, { past, ...options })) decisions.push(toDecision(ruled));
  }
  return {
    revision: workspace.snapshot.revision,
    decisions: limitRuns(decisions, options),
    unsatisfied: found.flatMap(({ unsatisfied }) => unsatisfied),
    errors,
    hidden,
    orphaned: found.flatMap((each) => orphansOf(each, recorded).map(({ rid }) => rid)).sort(compareCodeUnits),
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
    ignore,
  }: {
    readonly provider: Provider;
    readonly diagnostic: Diagnostic;
    readonly ignore: IgnoreList | undefined;
  },
): DiagnosticCandidates | SolveError {
  const ignored = ignore?.[provider.slug]?.[diagnostic.slug];
  try {
    return findCandidates(workspace, provider, { diagnostic, ...(ignored === undefined ? {} : { ignored }) });
  } catch (error) {
    if (!isAlmanacError(error, "PROVIDER_INVALID")) throw error;
    return { provider: provider.slug, diagnostic: diagnostic.slug, message: error.message };
  }
}

/** A candidate with the decision about it. */
export interface RuledCandidate {
  readonly candidate: Candidate;
  readonly ruling: Ruling;
  /** Its group, when it has been recorded. */
  readonly group: Rid | undefined;
}

/** Groups of the past by name. */
export type Past = ReadonlyMap<string, PastGroup>;

/** Groups of the past by their names. */
export function pastByName({ groups }: History): Past {
  return new Map(groups.map((group) => [groupName(group, group.selectorDigest), group]));
}

/** Decides about candidates of one diagnostic; in the order of a plan. */
export function ruleAll(
  candidates: readonly Candidate[],
  { firstOf }: DiagnosticCandidates,
  {
    past,
    rerunFailed = false,
    asRemembered = false,
  }: Pick<DecideInput, "rerunFailed" | "asRemembered"> & { readonly past: Past },
): readonly RuledCandidate[] {
  const ruled = candidates.map((candidate): RuledCandidate => {
    const first = firstOf.get(candidate.selectorDigest) as Candidate;
    if (first !== candidate) return { candidate, ruling: shadowedBy(first), group: undefined };
    const known = asRemembered ? rememberedRuling(candidate) : undefined;
    if (known !== undefined) return { candidate, ...known };
    const { provider, diagnostic } = candidate;
    const name = { provider: provider.slug, diagnostic: diagnostic.slug, version: diagnostic.version };
    const group = past.get(groupName(name, candidate.selectorDigest));
    const ruling = decide(group, {
      fingerprint: candidate.fingerprint,
      compatHash: candidate.compatHash,
      parametersDigest: candidate.parametersDigest,
      contents: () => contentsOf(candidate),
      rerunFailed,
    });
    return { candidate, ruling, group: group?.rid };
  });
  return ruled.toSorted(
    ({ candidate: a }, { candidate: b }) =>
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

function toDecision({ candidate, ruling, group }: RuledCandidate): Decision {
  const { provider, diagnostic, set, key, selectorDigest, fingerprint, compatHash } = candidate;
  const selectors: Record<string, Selector> = {};
  const datasets: Record<string, readonly string[]> = {};
  for (const part of candidate.parts) {
    if (!part.optional) selectors[part.label] = part.selector;
    datasets[part.label] = idsOfPart(part);
  }
  const identity = {
    provider: provider.slug,
    providerVersion: provider.version,
    diagnostic: diagnostic.slug,
    version: diagnostic.version,
    set,
    key,
    selectorDigest,
    decision: ruling.decision,
  };
  const found = { fingerprint, compatHash, selectors, reasons: [ruling.reason], datasets } as const;
  return group === undefined ? { ...identity, ...found } : { ...identity, group, ...found };
}

/** Groups of the past by provider, diagnostic and version. */
export function groupsByDiagnostic({ groups }: History): ReadonlyMap<string, readonly PastGroup[]> {
  return Map.groupBy(groups, (group) => groupName(group, ""));
}

/**
 * Groups of a diagnostic's present version that no candidate, shown or hidden, stands for.
 * @param recorded the past, see `groupsByDiagnostic`
 */
export function orphansOf(
  { provider, diagnostic, firstOf }: DiagnosticCandidates,
  recorded: ReadonlyMap<string, readonly PastGroup[]>,
): readonly PastGroup[] {
  const { slug, version } = diagnostic;
  const groups = recorded.get(groupName({ provider: provider.slug, diagnostic: slug, version }, "")) ?? [];
  return groups.filter(({ selectorDigest }) => !firstOf.has(selectorDigest));
}
