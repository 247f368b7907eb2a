/** A mistake that somebody might make in the solver: one text of one source file below `src/core` replaced. */
export interface Mutant {
  readonly mistake: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const constraints = "solver/constraints/";

/** Mistakes that comparing with the oracle must reveal. */
export const mutants: readonly Mutant[] = [
  {
    mistake: "a gap of exactly 45 days counts as one",
    file: "solver/file-times.ts",
    find: "if (days > limitDays)",
    replace: "if (days >= limitDays)",
  },
  {
    mistake: "gaps are measured from the file before, not from the running maximum of the ends",
    file: "solver/file-times.ts",
    find: "if ((end[file] as number) > (end[last] as number)) last = file;",
    replace: "last = file;",
  },
  {
    mistake: "days are those of the standard calendar",
    file: "solver/file-times.ts",
    find: 'const calendar = canonicalCalendar(spelling ?? "standard") ?? "standard";',
    replace: 'const calendar = canonicalCalendar("standard") ?? spelling ?? "standard";',
  },
  {
    mistake: "spellings of one calendar always count as two",
    file: "solver/file-times.ts",
    find: 'spelling === undefined || calendars === "by-spelling"',
    replace: "spelling === undefined || calendars !== undefined",
  },
  {
    mistake: "of versions that tie only the first is the latest",
    file: "catalog/latest-version.ts",
    find: "(rank === highest[identity[row] ?? 0] ? 1 : 0)",
    replace:
      "(rank === highest[identity[row] ?? 0] && (highest[identity[row] ?? 0] = Number.NaN) !== 0 ? 1 : 0)",
  },
  {
    mistake: "versions are compared as text",
    file: "catalog/version-order.ts",
    find: "Number(match[1])",
    replace: "Number(`0.${match[1]}`)",
  },
  {
    mistake: "versions that are not v and digits come last",
    file: "catalog/version-order.ts",
    find: "match === null ? -1",
    replace: "match === null ? 99",
  },
  {
    mistake: "rows that miss a group-by facet join the first group",
    file: "solver/select.ts",
    find: "return partition(index, datasets, groupBy)\n    .parts.toSorted(byKey)",
    replace:
      "const { parts, unkeyed } = partition(index, datasets, groupBy);\n  return parts.map((part, at) => (at === 0 ? union([part, unkeyed]) : part)).toSorted(byKey)",
  },
  {
    mistake: "filters of a requirement are ANDed",
    file: "solver/select.ts",
    find: "return union(filters.map((filter) => selectByFilter(index, filter)));",
    replace: "return index.latest.filter((row) => filters.every((filter) => matcher(index, filter)(row)));",
  },
  {
    mistake: "a facet with several values matches the first only",
    file: "solver/select.ts",
    find: "const allowed = new Set(values.map(",
    replace: "const allowed = new Set(values.slice(0, 1).map(",
  },
  {
    mistake: "catalog order is reversed",
    file: "catalog/snapshot-builder.ts",
    find: "datasets.toSorted((a, b) => compareCodeUnits(a.id, b.id))",
    replace: "datasets.toSorted((a, b) => compareCodeUnits(b.id, a.id))",
  },
  {
    mistake: "the score of supplementary datasets leaves out optional facets",
    file: `${constraints}add-supplementary.ts`,
    find: "const topScore = Math.max(...scores);",
    replace: "scores.fill(0);\n  const topScore = Math.max(...scores);",
  },
  {
    mistake: "missing optional facets agree",
    file: `${constraints}add-supplementary.ts`,
    find: "(codes[dataset] as number) >= 0 && codes[dataset] === codes[each]",
    replace: "codes[dataset] === codes[each]",
  },
  {
    mistake: "supplementary datasets of all combinations that tie are added",
    file: `${constraints}add-supplementary.ts`,
    find: "latest.filter((each) => combinations[each] === first)",
    replace: "latest",
  },
  {
    mistake: "parents are found by member_id",
    file: `${constraints}add-parent.ts`,
    find: "Object.entries(constraint.map).map(([target, source]) => {",
    replace:
      'Object.entries(constraint.map).map(([named, source]) => {\n      const target = named === "variant_label" ? "member_id" : named;\n      source = source === "parent_variant_label" ? "member_id" : source;',
  },
  {
    mistake: "all versions of a parent are added",
    file: `${constraints}add-parent.ts`,
    find: "return all.filter((each) => index.table.versionRank[each] === newest);",
    replace: "return newest < -1 ? [] : all;",
  },
  {
    mistake: "a child without parent stays",
    file: `${constraints}add-parent.ts`,
    find: "if (found.length === 0) continue;",
    replace: "",
  },
  {
    mistake: "requireFacets drops rows that miss a key",
    file: `${constraints}require-facets.ts`,
    find: "return without(group, dropped);",
    replace:
      "for (const row of partition(index, group, constraint.groupBy).unkeyed) dropped.add(row);\n  return without(group, dropped);",
  },
  {
    mistake: "any and all are the same",
    file: `${constraints}require-facets.ts`,
    find: 'if (constraint.match === "all" ?',
    replace: 'if (constraint.match !== "x" ?',
  },
  {
    mistake: "touching counts as overlapping",
    file: `${constraints}require-overlapping-timerange.ts`,
    find: "if (last.start < first.end) return group;",
    replace: "if (last.start <= first.end) return group;",
  },
  {
    mistake: "the required end is excluded",
    file: `${constraints}require-timerange.ts`,
    find: "if (constraint.end !== undefined && comparePartial(constraint.end, end) > 0) return false;",
    replace: "if (constraint.end !== undefined && comparePartial(constraint.end, end) >= 0) return false;",
  },
  {
    mistake: "datasets are dropped whole when some of their files have no times",
    file: "solver/table-index.ts",
    find: "const table = splitPartlyTimed(whole);",
    replace: "const table = whole;",
  },
  {
    mistake: "members are compared as text",
    file: `${constraints}select-first-member.ts`,
    find: "names.toSorted(compareMembers)[0]",
    replace: "names.toSorted(compareCodeUnits)[0]",
  },
  {
    mistake: "the ignore list comes after the constraints",
    file: "solver/answer.ts",
    find: "return [...prepended, ...requirement.constraints];",
    replace: "return [...requirement.constraints, ...prepended];",
  },
  {
    mistake: "keys have facet values in group-by order",
    file: "solver/select.ts",
    find: "const names = groupBy.toSorted(compareCodeUnits);",
    replace: "const names = groupBy.toSorted((a, b) => compareCodeUnits(b, a));",
  },
  {
    mistake: "sameFacets is not heeded",
    file: "solver/combine.ts",
    find: "Object.entries(requirement.sameFacets ?? {}).map(",
    replace: "Object.entries({} as Record<string, string[]>).map(",
  },
  {
    mistake: "of several source types the last with a group is used",
    file: "solver/answer.ts",
    find: "for (const sourceType of sourceTypesOf(requirement)) {",
    replace: "for (const sourceType of sourceTypesOf(requirement).toReversed()) {",
  },
  {
    mistake: "a later set is taken before an earlier one",
    file: "solver/candidates.ts",
    find: "if (!firstOf.has(candidate.selectorDigest)) firstOf.set(",
    replace: "firstOf.set(",
  },
  {
    mistake: "the dataset hash counts datasets, not files",
    file: "solver/candidate.ts",
    find: "for (let file = 0; file < files; file++) rows.push",
    replace: "for (let file = 0; file < Math.min(files, 1); file++) rows.push",
  },
];
