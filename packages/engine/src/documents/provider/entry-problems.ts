import { type DeclarationProblem, problem, within } from "../../core/diagnostic/problem.ts";
import { commandProblems } from "./command-line.ts";
import { hasDefaults } from "./from-entries.ts";
import type { ConstraintEntry, DiagnosticEntry, ProviderFile, RequirementEntry } from "./schema.ts";

/** What is wrong with a file's entries although each is of its form. */
export function entryProblems({ diagnostics }: ProviderFile): readonly DeclarationProblem[] {
  return diagnostics.flatMap((entry, at) => within(["diagnostics", at], diagnosticProblems(entry)));
}

function diagnosticProblems(entry: DiagnosticEntry): readonly DeclarationProblem[] {
  const { requirements, requirementSets, command, parameters = {} } = entry;
  const sets = requirementSets ?? (requirements === undefined ? [] : [requirements]);
  const both = requirements !== undefined && requirementSets !== undefined;
  return [
    ...(both ? [problem("give requirements or requirementSets, not both", ["requirementSets"])] : []),
    ...within(
      ["command"],
      commandProblems(command, { selectors: sharedFacets(sets), parameters: Object.keys(parameters) }),
    ),
    ...(requirements ?? []).flatMap((each, at) => within(["requirements", at], constraintProblems(each))),
    ...(requirementSets ?? []).flatMap((set, number) =>
      set.flatMap((each, at) => within(["requirementSets", number, at], constraintProblems(each))),
    ),
  ];
}

/** Facets that identify the groups of every set. */
function sharedFacets(sets: readonly (readonly RequirementEntry[])[]): readonly string[] {
  const ofSets = sets.map((set) =>
    set.flatMap(({ optional, groupBy = [] }) => (optional === true ? [] : groupBy)),
  );
  const [first = []] = ofSets;
  return [...new Set(first)].filter((facet) => ofSets.every((facets) => facets.includes(facet)));
}

/** Constraints that need defaults where there are none. */
function constraintProblems({
  sourceType,
  constraints = [],
}: RequirementEntry): readonly DeclarationProblem[] {
  const [ofRequirement = ""] = [sourceType].flat();
  return constraints.flatMap((entry, at) => {
    const lacking = hasDefaults(ofRequirement) ? [] : lackingOf(entry);
    if (lacking.length === 0) return [];
    const message = `${entry.kind} has no default for ${ofRequirement}: give ${lacking.join(" and ")}`;
    return [problem(message, ["constraints", at])];
  });
}

function lackingOf(entry: ConstraintEntry): readonly string[] {
  if (entry.kind === "addParent")
    return entry.map === undefined && entry.sourceType === undefined ? ["map"] : [];
  if (entry.kind !== "addSupplementary" || entry.sourceType !== undefined) return [];
  return (["matching", "optional"] as const).filter((name) => entry[name] === undefined);
}
