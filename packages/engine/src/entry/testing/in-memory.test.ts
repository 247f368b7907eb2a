import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import type { MemoryFile } from "../../adapters/memory/memory-tree.ts";
import { defineDiagnostic, defineProvider } from "../../core/diagnostic/define.ts";
import { isAlmanacError } from "../../core/errors.ts";
import type { Project } from "../project.ts";
import { catalogArbitraries } from "./catalog-arbitraries.ts";
import { openInMemory } from "./in-memory.ts";

const counting = defineProvider({
  slug: "counting",
  version: "1",
  diagnostics: [
    defineDiagnostic({
      slug: "files",
      requirements: [{ sourceType: "cmip6", filters: { variable_id: "tas" }, groupBy: ["source_id"] }],
      run: (context) => {
        const value = context.inputs.reduce((sum, { localPaths }) => sum + localPaths.length, 0);
        context.scalar({ dimensions: { metric: "files" }, value, units: "1" });
      },
    }),
  ],
});

const never = new AbortController().signal;
const control = { stop: never, cancel: never };
const everything = { options: {}, open: true } as const;

function solve(project: Project): ReturnType<Project["solve"]> {
  return project.solve({ ...everything, execute: true }, control);
}

async function scalars(project: Project): Promise<readonly (number | null)[]> {
  const { items } = await project.catalog.values.values({ kind: "scalar" });
  return items.flatMap(({ value }) => ("value" in value ? [value.value] : []));
}

/** A file of one model, as CMIP6 lays it out. */
function fileOf(source: string, years: string): readonly [string, MemoryFile] {
  const folder = `/archive/CMIP6/CMIP/INST/${source}/historical/r1i1p1f1/Amon/tas/gn/v1`;
  const attributes = {
    ...{ activity_id: "CMIP", institution_id: "INST", source_id: source, experiment_id: "historical" },
    ...{
      variant_label: "r1i1p1f1",
      table_id: "Amon",
      variable_id: "tas",
      grid_label: "gn",
      frequency: "mon",
    },
  };
  const [start = "", end = ""] = years
    .split("-")
    .map((month) => `${month.slice(0, 4)}-${month.slice(4)}-16 12:00:00`);
  return [
    `${folder}/tas_Amon_${source}_historical_r1i1p1f1_gn_${years}.nc`,
    {
      header: {
        attributes,
        variables: { tas: { units: "K" } },
        verticalLevels: 1,
        start,
        end,
        calendar: "noleap",
      },
    },
  ];
}

test("ingest, plan, solve and values in memory, and again when a file comes", async () => {
  const files = new Map([fileOf("MODEL-A", "185001-185912"), fileOf("MODEL-B", "185001-185912")]);
  let scratch = "";
  {
    await using project = await openInMemory({
      providers: [counting],
      files,
      settings: { "publish.keepScratch": "always" },
    });
    scratch = project.settings.paths.scratch;
    const input = { sourceType: "cmip6", folders: ["/archive"], mode: "full" } as const;
    assert.equal((await project.ingest(input, never)).datasets, 2);
    const { plan } = await project.plan(everything);
    assert.deepEqual(
      plan.decisions.map(({ decision, key }) => [decision, key]),
      [
        ["run", "cmip6_MODEL-A"],
        ["run", "cmip6_MODEL-B"],
      ],
    );
    const { ends } = await solve(project);
    assert.deepEqual(
      ends.map(({ state }) => state),
      ["published", "published"],
    );
    assert.deepEqual(await scalars(project), [1, 1]);
    assert.deepEqual((await solve(project)).ends, []);

    files.set(...fileOf("MODEL-B", "186001-186912"));
    await project.ingest(input, never);
    assert.equal((await solve(project)).ends.length, 1);
    assert.deepEqual(
      (await scalars(project)).toSorted((a, b) => (a ?? 0) - (b ?? 0)),
      [1, 2],
    );
    assert.ok(existsSync(scratch));
  }
  assert.ok(!existsSync(scratch));
});

test("any catalog of datasets gives one value for each model, and a second solve nothing", async () => {
  await fc.assert(
    fc.asyncProperty(catalogArbitraries(fc).datasets({ maxDatasets: 6 }), async (datasets) => {
      await using project = await openInMemory({ providers: [counting], datasets });
      // Datasets known from their path only would have to be opened.
      const request = { options: {}, open: false, execute: true };
      const { plan, ends } = await project.solve(request, control);
      assert.equal(ends.length, plan.decisions.length);
      assert.ok(ends.every(({ state }) => state === "published"));
      assert.equal((await scalars(project)).length, ends.length);
      assert.deepEqual((await project.solve(request, control)).ends, []);
    }),
    { numRuns: 15 },
  );
});

test("source types of one's own", async () => {
  const runs = { name: "runs", paths: "{run}_*.nc", identityFacets: ["run"] };
  const provider = defineProvider({
    slug: "own",
    version: "1",
    diagnostics: [
      defineDiagnostic({
        slug: "d",
        requirements: [{ sourceType: "runs", groupBy: ["run"] }],
        run: (context) => context.scalar({ dimensions: { metric: "m" }, value: context.inputs.length }),
      }),
    ],
  });
  const files = new Map(
    ["/a/one_1.nc", "/a/one_2.nc", "/a/two_1.nc"].map((file) => [file, { header: "unread" }]),
  );
  await using project = await openInMemory({ providers: [provider], sourceTypes: [runs], files });
  await project.ingest({ sourceType: "runs", folders: ["/a"], mode: "fast" }, never);
  const { plan } = await project.plan({ options: {}, open: false });
  assert.deepEqual(
    plan.decisions.map(({ key }) => key),
    ["runs_one", "runs_two"],
  );
});

test("two projects at once know nothing of each other", async () => {
  await using one = await openInMemory({
    providers: [counting],
    files: new Map([fileOf("ONE", "185001-185912")]),
  });
  await using other = await openInMemory();
  await one.ingest({ sourceType: "cmip6", folders: ["/archive"], mode: "fast" }, never);
  assert.equal((await one.catalog.datasets.list({})).total, 1);
  assert.equal((await other.catalog.datasets.list({})).total, 0);
});

test("declarations are checked as in a project on disk", async () => {
  const wrong = defineProvider({
    slug: "wrong",
    version: "1",
    diagnostics: [
      defineDiagnostic({ slug: "d", command: ["true"], requirements: [{ sourceType: "no-such" }] }),
    ],
  });
  await assert.rejects(openInMemory({ providers: [wrong] }), (error) =>
    isAlmanacError(error, "PROVIDER_INVALID"),
  );
  await assert.rejects(openInMemory({ settings: { "publish.keepScratch": "sometimes" } }), (error) =>
    isAlmanacError(error, "CONFIG_INVALID"),
  );
});
