import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Dataset } from "../../core/catalog/dataset.ts";
import { patchSnapshot } from "../../core/catalog/patch-snapshot.ts";
import type { Snapshot } from "../../core/catalog/snapshot.ts";
import { snapshotOf } from "../../core/catalog/snapshot-of.ts";
import { defineDiagnostic, defineProvider } from "../../core/diagnostic/define.ts";
import { isAlmanacError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { Rid } from "../../core/identity/rid.ts";
import { openWorkspace } from "../../core/solver/answer.ts";
import { recollect } from "../../core/solver/memory/recollection.ts";
import { remember } from "../../core/solver/memory/remember.ts";
import { decideFindings, findAll, solve } from "../../core/solver/solve.ts";
import type { ChangedDataset } from "../../ports/dataset-catalog.ts";
import { type OpenCatalog, openCatalog } from "./open.ts";

const at = "2026-01-01T00:00:00.000Z";
const history = { groups: [], mark: "none" };
const names = ["sites", "places"] as const;
const files = ["a", "b", "c", "d"] as const;

async function addFile({ assets }: OpenCatalog, name: string): Promise<Rid> {
  const facts = { kind: "file", fileName: name, url: name, sizeBytes: 1, sha256: sha256Hex(name) };
  return (await assets.add({ ...facts, types: [], metadata: {}, description: "" })).rid;
}

/** What somebody does; datasets and files by number. */
type Step =
  | { readonly do: "create"; readonly name: 0 | 1; readonly region?: string }
  | { readonly do: "add" | "drop"; readonly dataset: number; readonly file: number }
  | { readonly do: "release" | "delete"; readonly dataset: number }
  | { readonly do: "rename"; readonly dataset: number; readonly name: 0 | 1 }
  | { readonly do: "describe"; readonly dataset: number; readonly region?: string }
  | { readonly do: "retract" | "restore"; readonly dataset: number; readonly version?: number };

const dataset = fc.nat({ max: 2 });
const region = fc.option(fc.constantFrom("alps", "jura"), { nil: undefined, freq: 4 });
const name = fc.constantFrom(0 as const, 1 as const);
const stepArbitrary = fc.oneof(
  fc.record({ do: fc.constant("create" as const), name, region }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("add" as const, "drop" as const),
      dataset,
      file: fc.nat({ max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("release" as const), dataset }) },
  fc.record({ do: fc.constant("delete" as const), dataset }),
  fc.record({ do: fc.constant("rename" as const), dataset, name }),
  fc.record({ do: fc.constant("describe" as const), dataset, region }),
  fc.record({
    do: fc.constantFrom("retract" as const, "restore" as const),
    dataset,
    version: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
  }),
) as fc.Arbitrary<Step>;

/** One dataset as the rules say, told in the plainest way. */
interface Modelled {
  readonly rid: Rid;
  name: string;
  facets: Readonly<Record<string, string>>;
  readonly members: Set<number>;
  readonly versions: {
    readonly members: readonly number[];
    readonly facets: Readonly<Record<string, string>>;
    retracted: boolean;
  }[];
  retracted: boolean;
}

const facetsOf = (region: string | undefined) => (region === undefined ? {} : { region });

/** Carries a step out in the catalog and in the model; what cannot be done is done in neither. */
async function act(
  catalog: OpenCatalog,
  model: Modelled[],
  { step, assets }: { readonly step: Step; readonly assets: readonly Rid[] },
): Promise<void> {
  if (step.do === "create") {
    if (model.length === 3) return;
    const facets = facetsOf(step.region);
    const made = await catalog.authored.create([
      { name: names[step.name], description: "", types: [], members: [], facets, at },
    ]);
    const rid = made[0]?.rid as Rid;
    model.push({ rid, name: names[step.name], facets, members: new Set(), versions: [], retracted: false });
    return;
  }
  const one = model[step.dataset];
  if (one === undefined) return;
  const { rid } = one;
  switch (step.do) {
    case "add":
      await catalog.authored.change(rid, { add: [{ rid: assets[step.file] as Rid }] });
      one.members.add(step.file);
      return;
    case "drop":
      if (!one.members.delete(step.file)) return;
      await catalog.authored.change(rid, { remove: [assets[step.file] as Rid] });
      return;
    case "release": {
      const last = one.versions.at(-1);
      const members = [...one.members].sort((a, b) => a - b);
      const isSame =
        last !== undefined &&
        JSON.stringify([last.members, last.facets]) === JSON.stringify([members, one.facets]);
      const released = catalog.authored.release(rid, { at });
      if (isSame) {
        await assert.rejects(released, (error) => isAlmanacError(error, "RELEASE_REFUSED"));
        return;
      }
      await released;
      one.versions.push({ members, facets: one.facets, retracted: false });
      return;
    }
    case "delete":
      await catalog.removal.dataset(rid);
      model.splice(step.dataset, 1);
      return;
    case "rename":
      await catalog.authored.describe(rid, { name: names[step.name] });
      one.name = names[step.name];
      return;
    case "describe":
      one.facets = facetsOf(step.region);
      await catalog.authored.describe(rid, { facets: one.facets });
      return;
    default:
      await hide(catalog, one, step);
  }
}

async function hide(
  catalog: OpenCatalog,
  one: Modelled,
  step: { readonly do: "retract" | "restore"; readonly version?: number },
): Promise<void> {
  const retracted = step.do === "retract";
  if (step.version === undefined) {
    one.retracted = retracted;
    await catalog.datasets.setRetracted(one.rid, retracted);
    return;
  }
  await catalog.datasets.setRetracted(`${one.rid}@0.${step.version + 1}.0`, retracted);
  const version = one.versions[step.version];
  if (version !== undefined && Object.keys(version.facets).length > 0) version.retracted = retracted;
}

/** The rows that solving should see, as somebody would ingest them. */
function rowsOf(model: readonly Modelled[]): readonly Dataset[] {
  return model.flatMap((one): readonly Dataset[] => {
    const at = one.versions.findLastIndex(({ retracted }) => !retracted);
    const version = one.versions[at];
    if (one.retracted || version === undefined || Object.keys(version.facets).length === 0) return [];
    const id = `${one.rid}@0.${at + 1}.0`;
    const own = version.members.map((file) => ({
      path: `inputs/${id}/data/${files[file]}`,
      contentId: `sha256:${sha256Hex(files[file] as string)}`,
    }));
    if (own.length === 0) return [];
    const facets = { ...version.facets, instance_id: id, version: `0.${at + 1}.0` };
    return [{ sourceType: one.name, id, facets, finalised: true, files: own }];
  });
}

const nothing = { datasets: [], invalidFiles: [], warnings: [], missing: [] };

/** So that there is a moment to begin with. */
const ingested: Dataset = {
  ...{ sourceType: "fields", id: "x", finalised: true },
  facets: { instance_id: "x", region: "alps" },
  files: [{ path: "x.nc", contentId: "none" }],
};

const declared = (name: string) => ({ name, identityFacets: ["instance_id"] });
const types = ["fields", ...names].map(declared);
const provider = defineProvider({
  slug: "p",
  version: "1",
  diagnostics: [
    defineDiagnostic({
      slug: "each",
      requirements: [{ sourceType: "sites", groupBy: ["region"] }],
      run: () => {},
    }),
    defineDiagnostic({
      slug: "both",
      requirements: [{ sourceType: "sites", filters: { region: "alps" } }, { sourceType: "places" }],
      run: () => {},
    }),
  ],
});
const planOf = (snapshot: Snapshot): string =>
  JSON.stringify({ ...solve(snapshot, [provider], { history }), revision: 0 });

/** Beginning of every life: a dataset that solving sees. */
const beginning: readonly Step[] = [
  { do: "create", name: 0, region: "alps" },
  { do: "add", dataset: 0, file: 0 },
  { do: "release", dataset: 0 },
];

async function ingestedSnapshot(rows: readonly Dataset[]): Promise<Snapshot> {
  const catalog = await openCatalog({ file: ":memory:", declarations: declared });
  await catalog.datasets.ingest({ ...nothing, datasets: [ingested, ...rows] });
  const snapshot = await catalog.datasets.snapshot();
  await catalog.close();
  return snapshot;
}

/** What was found before, with what is told to have changed, is what is found anew. */
// allow-parameters: before, now, and what is told
function sameByChanges(before: Snapshot, now: Snapshot, changed: readonly ChangedDataset[]): void {
  assert.deepEqual(patchSnapshot(before, changed, declared), now.tables);
  const memory = remember(findAll(openWorkspace(before), [provider], {}), history);
  assert.ok(memory);
  const known = recollect(memory, { before, now, changed });
  const found = decideFindings(findAll(openWorkspace(now, known), [provider], {}), { history });
  assert.equal(JSON.stringify({ ...found, revision: 0 }), planOf(now));
}

test("whatever is done to authored datasets, solving sees what ingesting the same rows would show, in full and by changes", async () => {
  let [steps, seen, hidden] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { minLength: 5, maxLength: 25 }), async (later) => {
      const catalog = await openCatalog({ file: ":memory:" });
      await catalog.datasets.ingest({ ...nothing, datasets: [ingested] });
      const assets: Rid[] = [];
      for (const file of files) assets.push(await addFile(catalog, file));
      const model: Modelled[] = [];
      let before = await catalog.datasets.snapshot();
      for (const step of [...beginning, ...later]) {
        await act(catalog, model, { step, assets });
        const now = await catalog.datasets.snapshot();
        const changes = await catalog.datasets.changes(before.mark as string);
        sameByChanges(before, now, changes?.datasets ?? assert.fail("the changes are not known"));
        const rows = rowsOf(model);
        assert.deepEqual(now.tables, snapshotOf([ingested, ...rows], { sourceTypes: types }).tables, step.do);
        steps += 1;
        if (rows.length > 0) seen += 1;
        if (rows.length < model.length) hidden += 1;
        before = now;
      }
      const expected = await ingestedSnapshot(rowsOf(model));
      assert.deepEqual(before.tables, expected.tables);
      assert.equal(planOf(before), planOf(expected));
      await catalog.close();
    }),
    { numRuns: 60 },
  );
  assert.ok(seen * 4 > steps && hidden * 10 > steps, `${seen} seen, ${hidden} hidden, of ${steps}`);
});

test("a source type that the configuration has come to declare is told apart from a dataset's name", async () => {
  const catalog = await openCatalog({
    file: ":memory:",
    declarations: (name) => (name === "mine" ? declared(name) : undefined),
  });
  const file = await addFile(catalog, "a");
  const made = {
    description: "",
    types: [],
    facets: { region: "alps" },
    members: [{ rid: file }],
    at,
    release: {},
  };
  await assert.rejects(catalog.authored.create([{ ...made, name: "mine" }]), (error) =>
    isAlmanacError(error, "RELEASE_REFUSED"),
  );
  await catalog.authored.create([{ ...made, name: "cmip6" }]);
  await catalog.close();
});
