import type { SourceType } from "../catalog/source-type.ts";
import { AlmanacError } from "../errors.ts";
import { nearestNames } from "../identity/nearest-names.ts";
import type { Diagnostic, Provider, Requirement, RequirementSet } from "./diagnostic.ts";
import { type DeclarationProblem, problem, problemText, within } from "./problem.ts";
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

/** Folders of results that are not of providers: of recorded runs, and of files that came with bags. */
const reservedSlugs: ReadonlySet<string> = new Set(["runs", "datasets"]);

/** All problems of a provider's declarations in one line each, in order of declaration; none: it is valid. */
export function providerProblems(provider: Provider, sourceTypes: readonly SourceType[]): readonly string[] {
  return declarationProblems(provider, sourceTypes).map(problemText);
}

/** All problems of a provider's declarations with their places, in order of declaration. */
export function declarationProblems(
  provider: Provider,
  sourceTypes: readonly SourceType[],
): readonly DeclarationProblem[] {
  const byName = new Map(sourceTypes.map((type) => [type.name, type]));
  const slugs = provider.diagnostics.map(({ slug }) => slug);
  return [
    ...slugProblems(provider.slug, "provider"),
    ...(reservedSlugs.has(provider.slug)
      ? [problem(`the slug "${provider.slug}" is reserved`, ["slug"])]
      : []),
    ...(provider.version === "" ? [problem("the version is empty", ["version"])] : []),
    ...repeated(slugs).map((slug) =>
      problem(`two diagnostics have the slug "${slug}"`, ["diagnostics", slugs.lastIndexOf(slug), "slug"]),
    ),
    ...provider.diagnostics.flatMap((diagnostic, at) =>
      within(["diagnostics", at], diagnosticProblems(diagnostic, byName), { about: diagnostic.slug }),
    ),
  ];
}

/** Dots only between letters and digits, so that a slug is always a plain name of a folder. */
const slugForm = /^[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9]))*$/;

function slugProblems(slug: string, what: string): readonly DeclarationProblem[] {
  return slugForm.test(slug)
    ? []
    : [
        problem(`the ${what} slug "${slug}" may hold only lower-case letters, digits, "-", "_" and "."`, [
          "slug",
        ]),
      ];
}

function diagnosticProblems(diagnostic: Diagnostic, sourceTypes: SourceTypes): readonly DeclarationProblem[] {
  const { requirementSets, version } = diagnostic;
  return [
    ...slugProblems(diagnostic.slug, "diagnostic"),
    ...(Number.isSafeInteger(version) && version >= 1
      ? []
      : [problem("the version must be a whole number from 1 on", ["version"])]),
    ...(requirementSets.length === 0 ? [problem("it has no requirement")] : []),
    ...requirementSets.flatMap((set, at) =>
      within(["requirementSets", at], setProblems(set, sourceTypes), {
        about: requirementSets.length === 1 ? undefined : `set ${at + 1}`,
      }),
    ),
  ];
}

function setProblems(set: RequirementSet, sourceTypes: SourceTypes): readonly DeclarationProblem[] {
  if (set.length === 0) return [problem("the requirement set is empty")];
  const labels = set.map((requirement) => requirement.name ?? [requirement.sourceType].flat()[0] ?? "");
  return [
    ...(set.every(({ optional }) => optional === true)
      ? [problem("all requirements of the set are optional")]
      : []),
    ...repeated(labels).map((label) =>
      problem(`two requirements are called "${label}"; give one of them another name`, [
        labels.lastIndexOf(label),
      ]),
    ),
    ...set.flatMap((requirement, at) =>
      within(
        [at],
        [
          ...within(["sourceType"], sourceTypeProblems(requirement, sourceTypes)),
          ...requirementProblems(requirement, sourceTypes),
          ...within(["sameFacets"], joinProblems(requirement, set, labels)),
        ],
        { about: `requirement "${labels[at]}"` },
      ),
    ),
  ];
}

function sourceTypeProblems(
  requirement: Requirement,
  sourceTypes: SourceTypes,
): readonly DeclarationProblem[] {
  const names = [requirement.sourceType].flat();
  const known = [...sourceTypes.keys()];
  return [
    ...(names.length === 0 ? [problem("it names no source type")] : []),
    ...names.flatMap((name, at) =>
      sourceTypes.has(name) ? [] : [problem(`unknown source type "${name}"${suggestion(name, known)}`, [at])],
    ),
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
): readonly DeclarationProblem[] {
  return Object.entries(requirement.sameFacets ?? {}).flatMap(([name, facets]) => {
    const other = set[labels.indexOf(name)];
    if (other === undefined)
      return [problem(`sameFacets names "${name}", which is no requirement of the set`, [name])];
    if (other === requirement) return [problem("sameFacets names the requirement itself", [name])];
    const optional =
      other.optional === true ? [problem(`sameFacets names "${name}", which is optional`, [name])] : [];
    const missing = facets.flatMap((facet, at) =>
      requirement.groupBy.includes(facet) && other.groupBy.includes(facet)
        ? []
        : [problem(`sameFacets facet "${facet}" must be in the group-by of both requirements`, [name, at])],
    );
    return [...optional, ...missing];
  });
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
