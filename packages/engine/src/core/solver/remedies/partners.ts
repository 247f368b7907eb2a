import type { FacetFilter } from "../../diagnostic/constraint.ts";
import type { Requirement, RequirementSet } from "../../diagnostic/diagnostic.ts";
import type { Selector } from "../../execution/definition.ts";
import type { IgnoredFacets, RequirementAnswer } from "../answer.ts";
import { labelOf } from "../combine.ts";
import { explainRequirement } from "../explain-requirement.ts";
import type { Mending, Remedy } from "../explanation.ts";
import { lists } from "./naming.ts";

/** Which requirements have no group for a group of another one, and what would meet them. */
export type PartnersLacked = (at: number, selector: Selector) => Mending;

/** Finds the partners that groups of a set lack; what several lack is looked into once. */
export function partnersLacked(
  set: RequirementSet,
  answers: readonly RequirementAnswer[],
  { ignored }: { readonly ignored: IgnoredFacets | undefined },
): PartnersLacked {
  const known = new Map<string, Mending>();
  const mendingOf = (each: number, facets: FacetFilter): Mending => {
    const key = JSON.stringify([each, facets]);
    const mending =
      known.get(key) ?? mendPartner(set[each] as Requirement, answers[each], { facets, ignored });
    known.set(key, mending);
    return mending;
  };
  return (at, selector) => {
    const lacking = set.flatMap((other, each): readonly Mending[] => {
      if (each === at || other.optional === true) return [];
      const facets = joinedFacets(set[at] as Requirement, other, selector);
      if (answers[each]?.groups.some((group) => agrees(group.selector, facets)) === true) return [];
      const { remedies, enough } = mendingOf(each, facets);
      const remedy: Remedy = { kind: "meet-requirement", requirement: labelOf(other), facets, remedies };
      return [{ remedies: [remedy], enough }];
    });
    return {
      remedies: lacking.flatMap(({ remedies }) => remedies),
      enough: lacking.every(({ enough }) => enough),
    };
  };
}

/** Facets that two requirements have in common, with a group's values. */
function joinedFacets(own: Requirement, other: Requirement, selector: Selector): FacetFilter {
  const joined = other.sameFacets?.[labelOf(own)] ?? own.sameFacets?.[labelOf(other)] ?? [];
  return lists(selector.filter(([facet]) => joined.includes(facet)));
}

function agrees(selector: Selector, facets: FacetFilter): boolean {
  const values = new Map(selector);
  return Object.entries(facets).every(([facet, wanted]) => wanted.includes(values.get(facet) ?? ""));
}

/** What gives a requirement a group: of its rejected groups the one that lacks least, or data where there is none. */
function mendPartner(
  requirement: Requirement,
  answer: RequirementAnswer | undefined,
  { facets, ignored }: { readonly facets: FacetFilter; readonly ignored: IgnoredFacets | undefined },
): Mending {
  const { rejected, remedies, enough } = explainRequirement(answer?.index, requirement, {
    sourceType: answer?.sourceType ?? labelOf(requirement),
    ignored,
    narrowing: { facets, accepts: () => true },
  });
  const [best] = rejected.toSorted(
    (a, b) => Number(b.enough) - Number(a.enough) || a.remedies.length - b.remedies.length,
  );
  return best === undefined ? { remedies, enough } : { remedies: best.remedies, enough: best.enough };
}
