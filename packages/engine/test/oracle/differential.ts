import fc from "fast-check";
import type { Dataset } from "../../src/core/catalog/dataset.ts";
import type { Snapshot } from "../../src/core/catalog/snapshot.ts";
import { buildTable } from "../../src/core/catalog/snapshot-builder.ts";
import { defineDiagnostic, defineProvider } from "../../src/core/diagnostic/define.ts";
import type { RequirementInput } from "../../src/core/diagnostic/requirement.ts";
import type { Plan } from "../../src/core/solver/plan.ts";
import { solve } from "../../src/core/solver/solve.ts";
import { findGroups, latestCatalogs, type OracleGroup, type OracleInput } from "./oracle.ts";
import { catalogRows, identity } from "./random-catalog.ts";
import { ignoredFacets, requirementSets } from "./random-requirements.ts";
import { compareText, type Note, type Row } from "./rows.ts";

/** One random case: a catalog, a diagnostic, an ignore list. */
export interface RandomCase {
  readonly rows: readonly Row[];
  readonly sets: OracleInput["sets"];
  readonly ignore: NonNullable<OracleInput["ignore"]>;
}

/** Cases that make every rule of the solver decide something. */
export const randomCase: fc.Arbitrary<RandomCase> = fc.record({
  rows: catalogRows,
  sets: requirementSets,
  ignore: ignoredFacets as fc.Arbitrary<RandomCase["ignore"]>,
});

/** The solver's plan of a case. */
export function planOf({ rows, sets, ignore }: RandomCase): Plan {
  const diagnostic = defineDiagnostic({
    slug: "d",
    command: ["true"],
    requirementSets: sets as readonly (readonly RequirementInput[])[],
  });
  const provider = defineProvider({ slug: "p", version: "1", diagnostics: [diagnostic] });
  return solve(snapshotOf(rows), [provider], {
    history: { groups: [] },
    ignore: { p: { d: ignore } },
  });
}

function snapshotOf(rows: readonly Row[]): Snapshot {
  const tables = [...Map.groupBy(rows, ({ sourceType }) => sourceType)].map(([name, ofType]) => {
    const identityFacets = identity[name as keyof typeof identity];
    return [name, buildTable({ name, identityFacets }, datasetsOf(ofType))] as const;
  });
  return { revision: 1, tables: new Map(tables) };
}

function datasetsOf(rows: readonly Row[]): readonly Dataset[] {
  return [...Map.groupBy(rows, ({ id }) => id)].map(([id, ofDataset]) => ({
    sourceType: ofDataset[0]?.sourceType ?? "",
    id,
    facets: ofDataset[0]?.facets ?? {},
    finalised: true,
    files: ofDataset.map(({ path, start, end, calendar }) => ({
      path,
      contentId: `s:${path}`,
      ...(start === undefined ? {} : { start }),
      ...(end === undefined ? {} : { end }),
      ...(calendar === undefined ? {} : { calendar }),
    })),
  }));
}

/** The oracle's groups of a case. */
export function oracleOf({ rows, sets, ignore }: RandomCase, note: Note): readonly OracleGroup[] {
  return findGroups(latestCatalogs({ rows, identity, note }), { sets, ignore, note });
}

/** What solver and oracle must agree on, as text: one line per group, in an order of its own. */
export function linesOfPlan({ decisions, errors }: Plan): readonly string[] {
  const lines = decisions.map(({ set, key, datasets, compatHash, reasons }) =>
    lineOf({ set, key, datasets, compatHash, shadowed: reasons[0].code === "shadowed" }),
  );
  return [...lines, ...errors.map(({ message }) => message)].sort(compareText);
}

/** The oracle's groups in the same form. */
export function linesOfOracle(groups: readonly OracleGroup[]): readonly string[] {
  return groups.map(lineOf).sort(compareText);
}

function lineOf({ set, key, datasets, compatHash, shadowed }: OracleGroup): string {
  const sorted = Object.entries(datasets).sort(([a], [b]) => compareText(a, b));
  return JSON.stringify([set, key, sorted, compatHash, shadowed]);
}

/** A case in another order: of datasets, files and the members of their facets. */
export function shuffled({ rows, ...others }: RandomCase, random: (below: number) => number): RandomCase {
  const mixed = rows.map((row) => ({
    ...row,
    facets: Object.fromEntries(mix(Object.entries(row.facets), random)),
  }));
  return { ...others, rows: mix(mixed, random) };
}

function mix<T>(items: readonly T[], random: (below: number) => number): readonly T[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = random(at + 1);
    [mixed[at], mixed[other]] = [mixed[other] as T, mixed[at] as T];
  }
  return mixed;
}
