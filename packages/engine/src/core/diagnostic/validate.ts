import type { SourceType } from "../catalog/source-type.ts";
import { AlmanacError } from "../errors.ts";
import { nearestNames } from "../identity/nearest-names.ts";
import type { Diagnostic, Provider, Requirement, RequirementSet } from "./diagnostic.ts";
import { requirementProblems } from "./validate-requirement.ts";

/** Declared source types by name. */
export type SourceTypes = ReadonlyMap<string, SourceType>;

/**
 * Checks a provider against the source types and reports everything wrong with it at once.
 * @throws PROVIDER_INVALID with all problems in message and facts
 */
export function validateProvider(provider: Provider, sourceTypes: readonly SourceType[]): void {
  const problems = providerProblems(provider, sourceTypes);
  if (problems.length === 0) return;
  throw new AlmanacError(
    "PROVIDER_INVALID",
    [`provider "${provider.slug}" is not valid:`, ...problems].join("\n  "),
    { hint: "correct the declarations in its module", facts: { provider: provider.slug, problems } },
  );
}

/** All problems of a provider's declarations, in order of declaration; none: it is valid. */
export function providerProblems(provider: Provider, sourceTypes: readonly SourceType[]): readonly string[] {
  const byName = new Map(sourceTypes.map((type) => [type.name, type]));
  const slugs = provider.diagnostics.map(({ slug }) => slug);
  const twice = [...new Set(slugs.filter((slug, at) => slugs.indexOf(slug) !== at))];
  return [
    ...slugProblems(provider.slug, "provider"),
    ...(provider.slug === "runs" ? ['the slug "runs" is reserved'] : []),
    ...(provider.version === "" ? ["the version is empty"] : []),
    ...twice.map((slug) => `two diagnostics have the slug "${slug}"`),
    ...provider.diagnostics.flatMap((diagnostic) =>
      diagnosticProblems(diagnostic, byName).map((problem) => `${diagnostic.slug}: ${problem}`),
    ),
  ];
}

const slugForm = /^[a-z0-9][a-z0-9_-]*$/;

function slugProblems(slug: string, what: string): readonly string[] {
  return slugForm.test(slug)
    ? []
    : [`the ${what} slug "${slug}" may hold only lower-case letters, digits, "-" and "_"`];
}

function diagnosticProblems(diagnostic: Diagnostic, sourceTypes: SourceTypes): readonly string[] {
  const { requirementSets, version } = diagnostic;
  return [
    ...slugProblems(diagnostic.slug, "diagnostic"),
    ...(Number.isSafeInteger(version) && version >= 1
      ? []
      : ["the version must be a whole number from 1 on"]),
    ...(requirementSets.length === 0 ? ["it has no requirement"] : []),
    ...requirementSets.flatMap((set, at) =>
      setProblems(set, sourceTypes).map((problem) =>
        requirementSets.length === 1 ? problem : `set ${at + 1}: ${problem}`,
      ),
    ),
  ];
}

function setProblems(set: RequirementSet, sourceTypes: SourceTypes): readonly string[] {
  if (set.length === 0) return ["the requirement set is empty"];
  const labels = set.map((requirement) => requirement.name ?? [requirement.sourceType].flat()[0] ?? "");
  const twice = [...new Set(labels.filter((label, at) => labels.indexOf(label) !== at))];
  return [
    ...(set.every(({ optional }) => optional === true) ? ["all requirements of the set are optional"] : []),
    ...twice.map((label) => `two requirements are called "${label}"; give one of them another name`),
    ...set.flatMap((requirement, at) =>
      [
        ...sourceTypeProblems(requirement, sourceTypes),
        ...requirementProblems(requirement, sourceTypes),
        ...joinProblems(requirement, set, labels),
      ].map((problem) => `requirement "${labels[at]}": ${problem}`),
    ),
  ];
}

function sourceTypeProblems(requirement: Requirement, sourceTypes: SourceTypes): readonly string[] {
  const names = [requirement.sourceType].flat();
  const known = [...sourceTypes.keys()];
  return [
    ...(names.length === 0 ? ["it names no source type"] : []),
    ...names
      .filter((name) => !sourceTypes.has(name))
      .map((name) => `unknown source type "${name}"${suggestion(name, known)}`),
  ];
}

/** The end of a message about an unknown name: the nearest ones, or all known when none is near. */
function suggestion(name: string, known: readonly string[]): string {
  const near = nearestNames(name, known);
  return near.length > 0 ? `; did you mean ${near.join(" or ")}?` : `; known are ${known.join(", ")}`;
}

function joinProblems(
  requirement: Requirement,
  set: RequirementSet,
  labels: readonly string[],
): readonly string[] {
  return Object.entries(requirement.sameFacets ?? {}).flatMap(([name, facets]) => {
    const other = set[labels.indexOf(name)];
    if (other === undefined) return [`sameFacets names "${name}", which is no requirement of the set`];
    if (other === requirement) return ["sameFacets names the requirement itself"];
    const optional = other.optional === true ? [`sameFacets names "${name}", which is optional`] : [];
    const missing = facets.filter(
      (facet) => !requirement.groupBy.includes(facet) || !other.groupBy.includes(facet),
    );
    return [
      ...optional,
      ...missing.map((facet) => `sameFacets facet "${facet}" must be in the group-by of both requirements`),
    ];
  });
}
