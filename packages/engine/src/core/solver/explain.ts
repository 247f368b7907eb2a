import {
  type Condition,
  conditionTest,
  conditionText,
  isGlob,
  parseSelection,
  type Selection,
  type SelectionInput,
} from "../catalog/selection.ts";
import type { FacetColumn, Snapshot } from "../catalog/snapshot.ts";
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

/**
 * Which of the facets asked for concern which source type. What one of the diagnostic's source types meets does not
 * concern those that cannot meet it: a model's name says nothing about observations.
 */
function narrow(
  snapshot: Snapshot,
  diagnostic: Diagnostic,
  selection: Selection,
): ReadonlyMap<string, FacetFilter> {
  const types = [...new Set(diagnostic.requirementSets.flat().flatMap(sourceTypesOf))];
  const byType = types.map((type) => {
    const own = selection.filter(({ sourceType = type }) => sourceType === type);
    const asked = Map.groupBy(own, ({ facet }) => facet);
    return { type, wanted: [...asked].flatMap(([, conditions]) => wantedOf(snapshot, type, conditions)) };
  });
  const metElsewhere = (facet: string): boolean =>
    byType.some(({ wanted }) => wanted.some((each) => each.facet === facet && each.met));
  return new Map(
    byType.map(({ type, wanted }) => {
      const concerning = wanted.filter(({ facet, met, ofType }) => met || ofType || !metElsewhere(facet));
      return [type, Object.fromEntries(concerning.map(({ facet, values }) => [facet, values]))] as const;
    }),
  );
}

/** What is wanted of one facet of a source type. */
interface Wanted {
  readonly facet: string;
  readonly values: readonly string[];
  /** True if the type has one of the values. */
  readonly met: boolean;
  /** True if the type was named. */
  readonly ofType: boolean;
}

/** What conditions on one facet want of a source type; nothing if the type does not have the facet. */
// allow-parameters: where, of which type and what is wanted
function wantedOf(snapshot: Snapshot, type: string, conditions: readonly Condition[]): readonly Wanted[] {
  const facet = conditions[0]?.facet;
  const column = facet === undefined ? undefined : snapshot.tables.get(type)?.facets.get(facet);
  if (facet === undefined || column === undefined) return [];
  const values = wantedValues(column, conditions);
  const met = values.some((value) => codeOf(column, value) >= 0);
  return [{ facet, values, met, ofType: conditions.some(({ sourceType }) => sourceType !== undefined) }];
}

/**
 * The values that meet all conditions on one facet: those of the catalog, and those written out, which the catalog may
 * lack and the explanation then names.
 */
function wantedValues({ values }: FacetColumn, conditions: readonly Condition[]): readonly string[] {
  const tests = conditions.map(conditionTest);
  const written = conditions.flatMap(({ negated, values: given }) =>
    negated ? [] : given.filter((value) => !isGlob(value)),
  );
  return [...new Set([...written, ...values])].filter((value) => tests.every((test) => test(value)));
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
