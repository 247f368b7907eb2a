import { nearestNames } from "../identity/nearest-names.ts";
import type { OwnSourceType } from "./own-source-type.ts";

/** Names that rows of catalogs use for the file itself, or that mean something in templates. */
const reserved: ReadonlySet<string> = new Set([
  "almanac_type",
  "content_id",
  "end_time",
  "finalised",
  "instance_id",
  "mtime_ms",
  "path",
  "size_bytes",
  "start_time",
  "time_range",
  "tracking_id",
  "version",
]);

/** Placeholders that are no facets of the declaration. */
const ownPlaceholders = ["version", "time_range"] as const;

/**
 * What is wrong with a user's source type, all at once; empty when nothing is.
 * @param known names of the source types there are already
 */
export function sourceTypeProblems(own: OwnSourceType, known: readonly string[]): readonly string[] {
  const paths = [own.paths ?? []].flat();
  return [
    ...nameProblems(own.name, known),
    ...identityProblems(own),
    ...facetNames(own).flatMap(facetProblems),
    ...paths.flatMap((path) => [...syntaxProblems(path), ...placeholderProblems(path, own)]),
    ...(paths.length === 0 && own.readPath === undefined && attributeFacets(own).length === 0
      ? ["it has neither paths nor attributes: no file could tell anything"]
      : []),
  ];
}

function nameProblems(name: string, known: readonly string[]): readonly string[] {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    return [`the name "${name}" has other characters than lower-case letters, digits and dashes`];
  return known.includes(name) ? [`there is a source type "${name}" already`] : [];
}

function identityProblems(own: OwnSourceType): readonly string[] {
  const { identityFacets } = own;
  if (identityFacets.length === 0) return ["identityFacets names no facet: what makes one dataset?"];
  const sources = [
    ...placeholders([own.paths ?? []].flat().join("")),
    ...attributeFacets(own),
    ...(own.readPath === undefined ? [] : identityFacets),
  ];
  return identityFacets.flatMap((facet, at) => {
    if (identityFacets.indexOf(facet) !== at) return [`identityFacets names "${facet}" twice`];
    if (sources.includes(facet)) return [];
    return [
      `nothing tells the identity facet "${facet}": no path has {${facet}}, and it is no attribute${nearest(facet, sources)}`,
    ];
  });
}

function facetNames(own: OwnSourceType): readonly string[] {
  const all = [
    ...own.identityFacets,
    ...(own.facets ?? []),
    ...attributeFacets(own),
    ...(own.variableAttributes ?? []),
  ];
  return [...new Set(all)];
}

function attributeFacets({ attributes = [] }: OwnSourceType): readonly string[] {
  return Array.isArray(attributes) ? (attributes as readonly string[]) : Object.keys(attributes);
}

function facetProblems(name: string): readonly string[] {
  if (reserved.has(name)) return [`"${name}" cannot be a facet: the name has a meaning of its own`];
  return /^[A-Za-z]\w*$/.test(name)
    ? []
    : [`the facet "${name}" has other characters than letters, digits and underscores`];
}

/** What is wrong with a template before its names are looked at. */
function syntaxProblems(path: string): readonly string[] {
  const rest = path.replace(/\{\w+\}/g, "");
  const problems: string[] = [];
  if (/[{}]/.test(rest)) problems.push(`the path "${path}" has a brace that is no {facet}`);
  if (!/^(?:[^[\]]|\[[^[\]]*\])*$/.test(path))
    problems.push(`the path "${path}" has a bracket without its other one`);
  const touching = /\{(\w+)\}[[\]]*\{(\w+)\}/.exec(path);
  if (touching !== null)
    problems.push(`the path "${path}" does not part {${touching[1]}} from {${touching[2]}}`);
  if (path.endsWith("/") || path === "") problems.push(`the path "${path}" has no file name`);
  return problems;
}

function placeholderProblems(path: string, own: OwnSourceType): readonly string[] {
  const known = [...own.identityFacets, ...(own.facets ?? []), ...ownPlaceholders];
  return placeholders(path)
    .filter((name) => !known.includes(name))
    .map(
      (name) =>
        `the path "${path}" has {${name}}, which is neither an identity facet nor in facets${nearest(name, known)}`,
    );
}

function placeholders(path: string): readonly string[] {
  return [...new Set([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""))];
}

function nearest(name: string, known: readonly string[]): string {
  const [found] = nearestNames(name, known);
  return found === undefined ? "" : `; did you mean ${found}?`;
}
