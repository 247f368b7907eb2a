import { conditionText, parseSelection, type SelectionInput } from "../catalog/selection.ts";
import type { Snapshot } from "../catalog/snapshot.ts";
import type { FacetFilter } from "../diagnostic/constraint.ts";
import type { Diagnostic, Provider, RequirementSet } from "../diagnostic/diagnostic.ts";
import { AlmanacError } from "../errors.ts";
import { nearestNames } from "../identity/nearest-names.ts";
import {
  answerRequirement,
  type IgnoredFacets,
  indexOf,
  openWorkspace,
  type RequirementAnswer,
  type Workspace,
} from "./answer.ts";
import { keyPart, keyPrefixes } from "./candidate.ts";
import { type Combination, combine, labelOf } from "./combine.ts";
import { explainRequirement } from "./explain-requirement.ts";
import type { Explanation, LonelyGroup, RejectedGroup, SetExplanation } from "./explanation.ts";
import { narrow, qualified } from "./narrowing.ts";
import { type PartnersLacked, partnersLacked } from "./remedies/partners.ts";
import { matcher, type SelectedGroup } from "./select.ts";
import { type SolveInput, solve } from "./solve.ts";

/** The catalog and past that a plan is made of, and the groups of a diagnostic that are asked about. */
export interface ExplainInput extends SolveInput {
  readonly provider: string;
  readonly diagnostic: string;
  /** Selectors: only groups that contain matching data. With `!=`, data that lacks the facet does not count. */
  readonly facets?: SelectionInput;
  /** Only the group of this key, or those that would make it. */
  readonly key?: string;
}

/**
 * Recomputes the whole chain of one diagnostic: what each step of each requirement left, every rejected group with what
 * was removed from it and why, groups without partner, the nearest misses, and what would let them run.
 * @throws UNKNOWN_NAME when there is no such diagnostic
 * @throws PROVIDER_INVALID when a user's own constraint fails
 */
export function explain(
  snapshot: Snapshot,
  providers: readonly Provider[],
  options: ExplainInput,
): Explanation {
  const { provider, diagnostic } = requireDiagnostic(providers, options);
  const selection = parseSelection(options.facets ?? []);
  const narrowed = narrow(snapshot, diagnostic, selection);
  const plan = solve(snapshot, [{ ...provider, diagnostics: [diagnostic] }], {
    history: options.history,
    ...(options.ignore === undefined ? {} : { ignore: options.ignore }),
    ...(options.rerunFailed === undefined ? {} : { rerunFailed: options.rerunFailed }),
    datasets: qualified(narrowed),
  });
  const asked: Asked = {
    workspace: openWorkspace(snapshot),
    ignored: options.ignore?.[provider.slug]?.[diagnostic.slug],
    narrowed,
    key: options.key,
  };
  return {
    provider: provider.slug,
    diagnostic: diagnostic.slug,
    version: diagnostic.version,
    selectors: selection.map(conditionText),
    ...(options.key === undefined ? {} : { key: options.key }),
    decisions: plan.decisions.filter(({ key }) => options.key === undefined || key === options.key),
    sets: diagnostic.requirementSets.map((set, at) => explainSet(set, at, asked)),
  };
}

interface Asked {
  readonly workspace: Workspace;
  readonly ignored: IgnoredFacets | undefined;
  /** Source type → the facets asked for that concern it. */
  readonly narrowed: ReadonlyMap<string, FacetFilter>;
  readonly key: string | undefined;
}

function requireDiagnostic(
  providers: readonly Provider[],
  name: Pick<ExplainInput, "provider" | "diagnostic">,
): { readonly provider: Provider; readonly diagnostic: Diagnostic } {
  const provider = providers.find(({ slug }) => slug === name.provider);
  const diagnostic = provider?.diagnostics.find(({ slug }) => slug === name.diagnostic);
  if (provider !== undefined && diagnostic !== undefined) return { provider, diagnostic };
  const known = providers.flatMap(({ slug, diagnostics }) =>
    diagnostics.map((each) => `${slug}/${each.slug}`),
  );
  const wanted = `${name.provider}/${name.diagnostic}`;
  throw new AlmanacError("UNKNOWN_NAME", `there is no diagnostic "${wanted}"`, {
    hint: `did you mean ${nearestNames(wanted, known).join(" or ") || known.join(", ")}?`,
    facts: { name: wanted },
  });
}

function explainSet(set: RequirementSet, at: number, asked: Asked): SetExplanation {
  const { workspace, ignored } = asked;
  const answers = set.map((requirement) => answerRequirement(workspace, requirement, { ignored }));
  const combinations = combine(set, answers);
  const questions = questionsOf(set, answers, asked);
  const context = { set, combinations, partners: partnersLacked(set, answers, { ignored }) };
  const requirements = set.map((requirement, each) => {
    const { sourceType, facets, accepts } = questions[each] as Question;
    const index = indexOf(workspace, sourceType);
    const alone = explainRequirement(index, requirement, {
      sourceType,
      ignored,
      narrowing: { facets, accepts },
    });
    const matches = index === undefined ? () => true : matcher(index, facets);
    const groups = (answers[each]?.groups ?? []).filter(
      (group) => accepts(group) && group.datasets.some(matches),
    );
    return {
      ...alone,
      rejected: withPartners(alone.rejected, each, context),
      leftOut: withPartners(alone.leftOut, each, context),
      lonely: lonelyGroups(groups, each, context),
    };
  });
  const candidates = combinations.filter((combination) =>
    combination.every((groups, each) => {
      const { accepts, facets, sourceType } = questions[each] as Question;
      const index = indexOf(workspace, sourceType);
      const matches = index === undefined ? () => true : matcher(index, facets);
      return (
        set[each]?.optional === true || groups.some((group) => accepts(group) && group.datasets.some(matches))
      );
    }),
  );
  return { set: at, candidates: candidates.length, requirements };
}

/** What one requirement is asked about. */
interface Question {
  readonly sourceType: string;
  readonly facets: FacetFilter;
  readonly accepts: (group: SelectedGroup) => boolean;
}

function questionsOf(
  set: RequirementSet,
  answers: readonly RequirementAnswer[],
  { key, narrowed }: Asked,
): readonly Question[] {
  const described = set.map((requirement, at) => ({
    label: labelOf(requirement),
    sourceType: answers[at]?.sourceType ?? labelOf(requirement),
    optional: requirement.optional === true,
  }));
  const prefixes = keyPrefixes(described);
  const parts = new Set(key?.split("__"));
  return described.map(({ sourceType }, at) => {
    const prefix = prefixes[at];
    return {
      sourceType,
      facets: narrowed.get(sourceType) ?? {},
      accepts: ({ selector }) =>
        key === undefined || prefix === undefined || parts.has(keyPart(prefix, selector)),
    };
  });
}

/** Those of a required requirement's groups that are in no combination, with the requirements that they lack. */
function lonelyGroups(
  groups: readonly SelectedGroup[],
  at: number,
  { set, combinations, partners }: SetContext,
): readonly LonelyGroup[] {
  if (set[at]?.optional === true) return [];
  const partnered = new Set(combinations.map((combination) => combination[at]?.[0]));
  return groups
    .filter((group) => !partnered.has(group))
    .map(({ selector }) => ({ selector, ...partners(at, selector) }));
}

/** What one requirement's explanation needs of its set. */
interface SetContext {
  readonly set: RequirementSet;
  readonly combinations: readonly Combination[];
  readonly partners: PartnersLacked;
}

/** Rejected groups with the partners that they would then lack. */
function withPartners(
  groups: readonly RejectedGroup[],
  at: number,
  { set, partners }: SetContext,
): readonly RejectedGroup[] {
  if (set[at]?.optional === true) return groups;
  return groups.map((group) => {
    const { remedies, enough } = partners(at, group.selector);
    return { ...group, remedies: [...group.remedies, ...remedies], enough: group.enough && enough };
  });
}
