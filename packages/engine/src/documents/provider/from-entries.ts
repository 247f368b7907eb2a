import type { Constraint } from "../../core/diagnostic/constraint.ts";
import { addParent } from "../../core/diagnostic/constraints/add-parent.ts";
import { addSupplementary } from "../../core/diagnostic/constraints/add-supplementary.ts";
import { ignoreFacets } from "../../core/diagnostic/constraints/ignore-facets.ts";
import { requireContiguousTimerange } from "../../core/diagnostic/constraints/require-contiguous-timerange.ts";
import { requireFacets } from "../../core/diagnostic/constraints/require-facets.ts";
import { requireOverlappingTimerange } from "../../core/diagnostic/constraints/require-overlapping-timerange.ts";
import { requireTimerange } from "../../core/diagnostic/constraints/require-timerange.ts";
import { selectFirstMember } from "../../core/diagnostic/constraints/select-first-member.ts";
import { defineDiagnostic, defineProvider } from "../../core/diagnostic/define.ts";
import type { Diagnostic, Provider } from "../../core/diagnostic/diagnostic.ts";
import type { RequirementInput } from "../../core/diagnostic/requirement.ts";
import { commandLine } from "./command-line.ts";
import type { ConstraintEntry, DiagnosticEntry, ProviderFile, RequirementEntry } from "./schema.ts";

/** The provider that a file's entries declare. @param folder absolute folder of the file, for `{folder}` */
export function providerFromEntries(file: ProviderFile, { folder }: { readonly folder: string }): Provider {
  const { slug, version, diagnostics, name = slug } = file;
  const defined = diagnostics.map((entry) => diagnosticFrom(entry, folder));
  return defineProvider({ slug, name, version, diagnostics: defined });
}

function diagnosticFrom(entry: DiagnosticEntry, folder: string): Diagnostic {
  const { requirements, requirementSets, command, limits, ...rest } = entry;
  const sets = requirementSets ?? (requirements === undefined ? [] : [requirements]);
  return defineDiagnostic({
    ...given(rest),
    ...(limits === undefined ? {} : { limits: given(limits) }),
    requirementSets: sets.map((set) => set.map(requirementFrom)),
    command: commandLine(command, { folder }),
  });
}

function requirementFrom({ constraints = [], ...entry }: RequirementEntry): RequirementInput {
  const [sourceType = ""] = [entry.sourceType].flat();
  return { ...given(entry), constraints: constraints.map((each) => constraintFrom(each, sourceType)) };
}

/** Source types whose constraints have defaults. */
export function hasDefaults(sourceType: string): sourceType is "cmip6" | "cmip7" {
  return sourceType === "cmip6" || sourceType === "cmip7";
}

function constraintFrom(entry: ConstraintEntry, ofRequirement: string): Constraint {
  const fallback = hasDefaults(ofRequirement) ? { sourceType: ofRequirement } : {};
  switch (entry.kind) {
    case "requireFacets":
      return requireFacets(given(entry));
    case "ignoreFacets":
      return ignoreFacets(entry.facets);
    case "addSupplementary":
      return addSupplementary(entry.facets, { ...fallback, ...given(entry) });
    case "addParent":
      return addParent({ ...fallback, ...given(entry) });
    case "requireTimerange":
      return timerange(entry);
    case "requireContiguousTimerange":
      return requireContiguousTimerange(given(entry));
    case "requireOverlappingTimerange":
      return requireOverlappingTimerange(given(entry));
    case "selectFirstMember":
      return selectFirstMember(given(entry));
  }
}

function timerange({ start, end, ...entry }: ConstraintEntry & { kind: "requireTimerange" }): Constraint {
  return requireTimerange({
    ...given(entry),
    ...(start === undefined ? {} : { start: given(start) }),
    ...(end === undefined ? {} : { end: given(end) }),
  });
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The members that have a value: zod gives optional ones the type `| undefined`, which they never have. */
function given<T extends object>(entry: T): Given<T> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as Given<T>;
}
