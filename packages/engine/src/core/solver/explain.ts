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
  sourceTypesOf,
  type Workspace,
} from "./answer.ts";
import { keyPart, keyPrefixes } from "./candidate.ts";
import { type Combined, combine, labelOf } from "./combine.ts";
import { explainRequirement } from "./explain-requirement.ts";
import type { Explanation, LonelyGroup, Remedy, SetExplanation } from "./explanation.ts";
import { matcher, type SelectedGroup } from "./select.ts";
import { type SolveInput, solve } from "./solve.ts";
import { codeOf } from "./table-index.ts";

/** What is asked. */
export interface ExplainInput extends SolveInput {
  readonly provider: string;
  readonly diagnostic: string;
  /** `facet` or `type.facet` → values: only groups that contain matching data. */
  readonly facets?: FacetFilter;
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
  const facets = options.facets ?? {};
  const narrowed = narrow(snapshot, diagnostic, facets);
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
    facets,
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

/**
 * Which of the facets asked for concern which source type. A value that one of the diagnostic's source types has does not
 * concern those that lack it: a model's name says nothing about observations.
 */
function narrow(
  snapshot: Snapshot,
  diagnostic: Diagnostic,
  facets: FacetFilter,
): ReadonlyMap<string, FacetFilter> {
  const types = [...new Set(diagnostic.requirementSets.flat().flatMap(sourceTypesOf))];
  const occurs = (type: string, facet: string, values: readonly string[]): boolean =>
    values.some((value) => codeOf(snapshot.tables.get(type)?.facets.get(facet), value) >= 0);
  return new Map(
    types.map((type) => {
      const concerning = Object.entries(facets).flatMap(([name, values]) => {
        const facet = name.startsWith(`${type}.`) ? name.slice(type.length + 1) : name;
        if (snapshot.tables.get(type)?.facets.has(facet) !== true) return [];
        const elsewhere = facet === name && types.some((other) => occurs(other, facet, values));
        return elsewhere && !occurs(type, facet, values) ? [] : [[facet, values] as const];
      });
      return [type, Object.fromEntries(concerning)] as const;
    }),
  );
}

function qualified(narrowed: ReadonlyMap<string, FacetFilter>): FacetFilter {
  const entries = [...narrowed].flatMap(([type, facets]) =>
    Object.entries(facets).map(([facet, values]) => [`${type}.${facet}`, values] as const),
  );
  return Object.fromEntries(entries);
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
  const combined = combine(set, answers);
  const questions = questionsOf(set, answers, asked);
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
    return { ...alone, lonely: lonelyGroups(groups, each, { set, combined, answers }) };
  });
  const candidates = combined.combinations.filter((combination) =>
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
  {
    set,
    combined,
    answers,
  }: {
    readonly set: RequirementSet;
    readonly combined: Combined;
    readonly answers: readonly RequirementAnswer[];
  },
): readonly LonelyGroup[] {
  if (set[at]?.optional === true) return [];
  const partnered = new Set(combined.combinations.map((combination) => combination[at]?.[0]));
  return groups
    .filter((group) => !partnered.has(group))
    .map(({ selector }) => ({
      selector,
      remedies: set.flatMap((other, each): readonly Remedy[] => {
        if (each === at || other.optional === true) return [];
        const requirement = labelOf(other);
        const joined =
          other.sameFacets?.[labelOf(set[at] as RequirementSet[number])] ??
          set[at]?.sameFacets?.[requirement];
        const facets = Object.fromEntries(
          selector.filter(([facet]) => joined?.includes(facet)).map(([facet, value]) => [facet, [value]]),
        );
        const none = answers[each]?.groups.length === 0;
        return none || joined !== undefined ? [{ kind: "meet-requirement", requirement, facets }] : [];
      }),
    }));
}
