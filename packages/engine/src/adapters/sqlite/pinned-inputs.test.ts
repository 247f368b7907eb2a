import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import fc from "fast-check";
import type { Dataset, DatasetFile } from "../../core/catalog/dataset.ts";
import type { Snapshot } from "../../core/catalog/snapshot.ts";
import { datasetAt } from "../../core/catalog/table-rows.ts";
import type { InputDataset } from "../../core/execution/definition.ts";
import type { Rid } from "../../core/identity/rid.ts";
import { sampleDecision, sampleDefinition } from "../../ports/sample-records.contract.ts";
import { type OpenCatalog, openCatalog } from "./open.ts";

// What an execution was given is what the catalog said when it was recorded, whatever becomes of the datasets. While they
// are unchanged the catalog holds them once.

/** One thing that happens to a catalog. */
type Step =
  | {
      readonly do: "ingest" | "invalidate";
      readonly dataset: number;
      readonly files: readonly number[];
      readonly content: number;
      readonly start: string | undefined;
      readonly title: string | undefined;
      readonly finalised: boolean;
    }
  | { readonly do: "miss" | "break"; readonly file: number }
  | { readonly do: "retract" | "restore"; readonly dataset: number }
  | { readonly do: "remove" }
  | { readonly do: "look" }
  | { readonly do: "record"; readonly seen: boolean };

const dataset = fc.nat({ max: 2 });
const file = fc.nat({ max: 4 });
const given = {
  dataset,
  files: fc.uniqueArray(file, { minLength: 1, maxLength: 3 }),
  content: fc.nat({ max: 2 }),
  start: fc.constantFrom(undefined, "1850-01-16 12:00:00", "1850-01-16T12:00", "1850-01-16", "long ago"),
  title: fc.constantFrom(undefined, "", "a \u{1f30d}", 'b "c"\n'),
  finalised: fc.boolean(),
};
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("ingest" as const), ...given }) },
  fc.record({ do: fc.constant("invalidate" as const), ...given }),
  fc.record({ do: fc.constantFrom("miss" as const, "break" as const), file }),
  fc.record({ do: fc.constantFrom("retract" as const, "restore" as const), dataset }),
  fc.record({ do: fc.constant("remove" as const) }),
  fc.record({ do: fc.constant("look" as const) }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant("record" as const), seen: fc.boolean() }) },
);

const idOf = (number: number): string => `D${number}.v1`;

/** The files of one path are of one dataset at a time: a path may move. Sorted otherwise than code units where it has an emoji. */
const pathOf = (number: number): string => `a/${["b", "\u{1f30d}", "\uffee", "c d", "e"][number]}.nc`;

function datasetOf(step: Extract<Step, { readonly files: readonly number[] }>): Dataset {
  const id = idOf(step.dataset);
  return {
    ...{ sourceType: "cmip6", id, finalised: step.finalised },
    facets: {
      ...{ instance_id: id, version: "v1", source_id: `S${step.dataset}` },
      ...(step.title === undefined ? {} : { title: step.title }),
    },
    files: step.files.map(
      (number): DatasetFile => ({
        path: pathOf(number),
        contentId: `c${step.content}-${number}`,
        sizeBytes: step.content,
        ...(step.start === undefined ? {} : { start: step.start, calendar: "noleap" }),
      }),
    ),
  };
}

const nothing = { datasets: [], invalidFiles: [], warnings: [], missing: [] };

async function change(catalog: OpenCatalog, step: Step): Promise<void> {
  const { datasets } = catalog;
  if (step.do === "ingest") await datasets.ingest({ ...nothing, datasets: [datasetOf(step)] });
  if (step.do === "invalidate")
    await datasets.ingest({ ...nothing, invalidDatasets: [{ ...datasetOf(step), invalid: "no" }] });
  if (step.do === "miss") await datasets.ingest({ ...nothing, missing: [pathOf(step.file)] });
  if (step.do === "break") {
    const broken = {
      sourceType: "cmip6",
      path: pathOf(step.file),
      code: "FILE_INVALID",
      reason: "no",
      sizeBytes: 1,
      mtimeMs: 1,
    } as const;
    await datasets.ingest({ ...nothing, invalidFiles: [broken] });
  }
  if (step.do === "retract" || step.do === "restore")
    await datasets.setRetracted(idOf(step.dataset), step.do === "retract");
  if (step.do === "remove") {
    const { items } = await datasets.list({});
    await datasets.removeVanished(items.map(({ rid }) => rid));
  }
}

/** Every dataset of a snapshot as an input. */
function inputsOf(snapshot: Snapshot): readonly InputDataset[] {
  return [...snapshot.tables.values()].flatMap((table) =>
    table.ids.map((_, index) => {
      const { finalised: __, ...shown } = datasetAt(table, index);
      return { requirement: "cmip6", ...shown, version: shown.facets["version"] ?? "" };
    }),
  );
}

/** Records an execution that is given everything a snapshot shows. @returns its RID */
async function record(
  catalog: OpenCatalog,
  { snapshot, number }: { snapshot: Snapshot; number: number },
): Promise<Rid> {
  const decision = sampleDecision(`R${number}`);
  const datasets = inputsOf(snapshot);
  const [definition] = await catalog.executions.record(
    [
      {
        ...{ decision, parametersDigest: "", held: true, mark: snapshot.mark },
        define: (rids) => ({ ...sampleDefinition(decision, rids), datasets }),
      },
    ],
    undefined,
  );
  assert.ok(definition);
  return definition.rid;
}

test("an execution keeps what it was given, whatever is done to the datasets, and with a snapshot of any age", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { minLength: 4, maxLength: 20 }), async (steps) => {
      const catalog = await openCatalog({ file: ":memory:", create: true });
      const expected = new Map<Rid, readonly InputDataset[]>();
      let seen = await catalog.datasets.snapshot();
      for (const step of steps) {
        await change(catalog, step);
        if (step.do === "look") seen = await catalog.datasets.snapshot();
        if (step.do === "record") {
          const snapshot = step.seen ? seen : await catalog.datasets.snapshot();
          expected.set(await record(catalog, { snapshot, number: expected.size }), inputsOf(snapshot));
        }
        for (const [rid, inputs] of expected) {
          assert.deepEqual((await catalog.executions.definition(rid))?.datasets, inputs);
          const shown = (await catalog.executions.execution(rid))?.datasets;
          const contents = inputs.map(({ id, files }) => [id, files.map(({ contentId }) => contentId)]);
          assert.deepEqual(
            shown?.map(({ id, contentIds }) => [id, contentIds]),
            contents,
          );
          const { groups } = await catalog.executions.history(() => false);
          const past = groups.flatMap(({ executions }) => executions).find((each) => each.rid === rid);
          assert.deepEqual(past?.datasets, Object.fromEntries(contents));
        }
      }
      await catalog.close();
    }),
    { numRuns: 200 },
  );
});

test("what the catalog has anyway is written down only when it changes, and once for all executions", async () => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-pinned-"));
  const catalogFile = join(folder, "catalog.sqlite");
  const catalog = await openCatalog({ file: catalogFile, create: true });
  const stored = () => {
    const database = new DatabaseSync(catalogFile, { readOnly: true });
    const rows = database
      .prepare("select instance_id, body is null as named from pinned_input order by id")
      .all();
    database.close();
    return rows.map(({ instance_id, named }) => [instance_id, named === 1]);
  };
  const step = { do: "ingest", content: 0, start: undefined, title: undefined, finalised: true } as const;
  try {
    await change(catalog, { ...step, dataset: 0, files: [0] });
    await change(catalog, { ...step, dataset: 1, files: [1, 2] });
    const snapshot = await catalog.datasets.snapshot();
    await record(catalog, { snapshot, number: 0 });
    await record(catalog, { snapshot, number: 1 });
    await change(catalog, { ...step, dataset: 0, files: [0] });
    await change(catalog, { do: "retract", dataset: 0 });
    assert.deepEqual(stored(), [
      ["D0.v1", true],
      ["D1.v1", true],
    ]);
    // A file moves from one to the other: both change.
    await change(catalog, { ...step, dataset: 0, files: [1] });
    assert.deepEqual(stored(), [
      ["D0.v1", false],
      ["D1.v1", false],
    ]);
    await record(catalog, { snapshot: await catalog.datasets.snapshot(), number: 2 });
    assert.deepEqual(stored().slice(2), [["D1.v1", true]]);
    await record(catalog, { snapshot, number: 3 });
    assert.deepEqual(
      stored()
        .slice(3)
        .map(([, named]) => named),
      [false, false],
      "of a state that has passed",
    );
  } finally {
    await catalog.close();
    rmSync(folder, { recursive: true });
  }
});

test("deleting a dataset, or its files alone, leaves what executions were given", async () => {
  for (const deletion of ["delete from dataset", "delete from dataset_file"]) {
    const folder = mkdtempSync(join(tmpdir(), "almanac-pinned-"));
    const catalogFile = join(folder, "catalog.sqlite");
    const catalog = await openCatalog({ file: catalogFile, create: true });
    try {
      const step = { do: "ingest", content: 0, start: undefined, title: undefined, finalised: true } as const;
      await change(catalog, { ...step, dataset: 0, files: [0, 1] });
      const snapshot = await catalog.datasets.snapshot();
      const rid = await record(catalog, { snapshot, number: 0 });
      const database = new DatabaseSync(catalogFile);
      database.exec(deletion);
      database.close();
      assert.deepEqual((await catalog.executions.definition(rid))?.datasets, inputsOf(snapshot), deletion);
    } finally {
      await catalog.close();
      rmSync(folder, { recursive: true });
    }
  }
});
