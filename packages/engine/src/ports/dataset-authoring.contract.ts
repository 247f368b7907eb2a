import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ErrorCode, isAlmanacError } from "../core/errors.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { AssetCatalog } from "./asset-catalog.ts";
import type { DatasetAuthoring, NewDataset } from "./dataset-authoring.ts";
import type { ExecutionCatalog } from "./execution-catalog.ts";
import type { RunCatalog } from "./run-catalog.ts";
import { pathToPublished, sampleTime, transitionsAlong } from "./sample-records.contract.ts";
import { sampleRun } from "./sample-run.contract.ts";
import type { ValueCatalog } from "./value-catalog.ts";
import type { VocabularyCatalog } from "./vocabulary-catalog.ts";

/** A new catalog for one test. */
export interface DatasetAuthoringUnderTest {
  readonly authored: DatasetAuthoring;
  readonly vocabularies: VocabularyCatalog;
  readonly runs: RunCatalog;
  readonly assets: AssetCatalog;
  readonly executions: ExecutionCatalog;
  readonly values: ValueCatalog;
  close(): Promise<void>;
}

const withCode =
  (code: ErrorCode, message = /./) =>
  (error: unknown): boolean =>
    isAlmanacError(error, code) && message.test(error.message);

/** A dataset without members, changed as said. */
function empty(changes: Partial<NewDataset> = {}): NewDataset {
  return { description: "", types: [], members: [], at: sampleTime, ...changes };
}

/** RIDs of files that an execution left, `content` being what decides their checksums. */
async function files(
  { runs, assets, executions, values }: DatasetAuthoringUnderTest,
  contents: readonly string[],
): Promise<readonly Rid[]> {
  const { definition } = await runs.record(sampleRun(`make-${contents.slice(0, 3).join("-")}`), undefined);
  await executions.transition(transitionsAlong(definition.rid, pathToPublished.slice(0, -1)));
  const [last] = transitionsAlong(definition.rid, ["publishing", "published"]);
  await values.publish(
    {
      definition,
      ...{ scalars: [], series: [], outputs: [], warnings: [] },
      artifacts: contents.map((content, position) => ({
        ...{ name: `${position}`, path: `${position}.txt`, kind: "execution-asset", types: [] },
        ...{ mode: "write" as const, metadata: {}, description: "", keepOnFailure: false },
        ...{ sizeBytes: content.length, sha256: content },
      })),
    },
    last,
  );
  const { items } = await assets.list({ execution: definition.rid, role: "Output" });
  return items.map(({ rid }) => rid);
}

async function one(authored: DatasetAuthoring, changes: Partial<NewDataset> = {}): Promise<Rid> {
  const [made] = await authored.create([empty(changes)]);
  return made?.rid as Rid;
}

type WithCatalog = (title: string, body: (catalog: DatasetAuthoringUnderTest) => Promise<void>) => void;

/** Registers the tests that every `DatasetAuthoring` passes. @param open a new catalog */
export function testDatasetAuthoring(name: string, open: () => Promise<DatasetAuthoringUnderTest>): void {
  const withCatalog: WithCatalog = (title, body) => {
    test(title, async () => {
      const catalog = await open();
      try {
        await body(catalog);
      } finally {
        await catalog.close();
      }
    });
  };
  describe(`authored datasets: ${name}`, () => {
    testCreating(withCatalog);
    testChanging(withCatalog);
    testReleasing(withCatalog);
    testChildren(withCatalog);
    testReading(withCatalog);
  });
}

function testCreating(withCatalog: WithCatalog): void {
  withCatalog("types are names of terms, and a type that is used cannot be deleted", async (catalog) => {
    const { authored, vocabularies } = catalog;
    const [made] = await authored.create([
      empty({
        name: "sites",
        description: "All of them",
        types: ["train", "Complete"],
        facets: { b: "2", a: "1" },
      }),
    ]);
    const rid = made?.rid as Rid;
    assert.deepEqual(made, {
      ...{ rid, name: "sites", description: "All of them", types: ["Complete", "Training"] },
      ...{ facets: { a: "1", b: "2" }, createdAt: sampleTime, memberCount: 0, draftChanges: 0 },
    });
    assert.deepEqual(await authored.dataset(rid), made);
    await assert.rejects(
      authored.create([empty(), empty({ types: ["trian"] })]),
      withCode("UNKNOWN_NAME", /"trian"; did you mean "train"/),
    );
    assert.equal((await authored.list({})).total, 1);
    const term = { vocabulary: "Dataset_Type", term: "train" };
    await assert.rejects(vocabularies.remove(term), withCode("IN_USE", new RegExp(`dataset ${rid}`)));
    const described = await authored.describe(rid, { types: ["Testing"], name: "places", facets: {} });
    assert.deepEqual([described.types, described.name, described.facets], [["Testing"], "places", {}]);
    assert.equal(described.description, "All of them");
    await vocabularies.remove(term);
    await assert.rejects(authored.describe(rid, { types: ["Training"] }), withCode("UNKNOWN_NAME"));
  });

  withCatalog("all that is wrong with members is told at once, and nothing is made", async (catalog) => {
    const { authored } = catalog;
    const [file] = await files(catalog, ["aa"]);
    const definition = sampleRun("other");
    const { definition: run } = await catalog.runs.record(definition, undefined);
    const members = [
      { rid: "ZZZ" as Rid },
      { rid: run.rid },
      { rid: file as Rid, path: "../out" },
      { rid: file as Rid, version: "0.1.0" },
      { made: 0 },
    ];
    await assert.rejects(authored.create([empty({ members })]), (error) => {
      assert.ok(isAlmanacError(error, "UNKNOWN_NAME"));
      const parts = [/no ZZZ/, /is of kind execution/, /"\.\.\/out"/, /no versions/, /no dataset 1/];
      for (const part of parts) assert.match(error.message, part);
      return true;
    });
    assert.equal((await authored.list({})).total, 0);
  });
}

function testChanging(withCatalog: WithCatalog): void {
  withCatalog("a draft counts in how much it differs, whatever the way there", async (catalog) => {
    const { authored } = catalog;
    const [a, b, c] = (await files(catalog, ["aa", "bb", "cc"])) as [Rid, Rid, Rid];
    const rid = await one(authored, { members: [{ rid: a, path: "x/a" }, { rid: b }], release: {} });
    const changed = await authored.change(rid, { remove: [a], add: [{ rid: c, path: "c" }] });
    assert.deepEqual([changed.memberCount, changed.draftChanges], [2, 2]);
    const back = await authored.change(rid, { remove: [c], add: [{ rid: a, path: "./x//a" }, { rid: b }] });
    assert.deepEqual([back.memberCount, back.draftChanges], [2, 0]);
    const moved = await authored.change(rid, { add: [{ rid: a, path: "y" }] });
    assert.deepEqual([moved.memberCount, moved.draftChanges], [2, 1]);
    await assert.rejects(
      authored.change(rid, { remove: [c], add: [{ rid: b, path: "z" }] }),
      withCode("UNKNOWN_NAME", /is not a member/),
    );
    await assert.rejects(
      authored.change(rid, { add: [{ rid: c, path: "y" }] }),
      withCode("USAGE", /2 members have the path y/),
    );
    assert.deepEqual(await authored.members({ dataset: rid }), [
      { kind: "asset", rid: a, path: "y" },
      { kind: "asset", rid: b },
    ]);
    await assert.rejects(
      authored.change(rid, { add: [{ rid: c, path: "y2" }, { rid: c }] }),
      withCode("USAGE", /is named twice, with another path or version/),
    );
    await assert.rejects(authored.change("ZZZ" as Rid, {}), withCode("UNKNOWN_NAME", /no authored dataset/));
  });

  withCatalog("no dataset contains itself, over whatever version", async (catalog) => {
    const { authored } = catalog;
    const inner = await one(authored, { release: {} });
    const middle = await one(authored, { members: [{ rid: inner }], release: {} });
    const outer = await one(authored, { members: [{ rid: middle }], release: {} });
    await authored.change(middle, { remove: [inner] });
    for (const child of [outer, middle, inner])
      await assert.rejects(
        authored.change(inner, { add: [{ rid: child }] }),
        withCode("NESTING_INVALID", /would contain itself/),
      );
    assert.equal((await authored.dataset(inner))?.memberCount, 0);
  });
}

function testReleasing(withCatalog: WithCatalog): void {
  withCatalog("a released version stays as it is, whatever happens to the draft", async (catalog) => {
    const { authored } = catalog;
    const [a, b, c] = (await files(catalog, ["aa", "bb", "cc"])) as [Rid, Rid, Rid];
    const rid = await one(authored, { members: [{ rid: a, path: "a" }, { rid: b }] });
    const [first] = await authored.release(rid, { at: sampleTime, notes: "the first" });
    assert.deepEqual([first?.version, first?.ordinal, first?.memberCount], ["0.1.0", 1, 2]);
    const frozen = [
      { kind: "asset", rid: a, path: "a", checksum: "sha256:aa", sizeBytes: 2 },
      { kind: "asset", rid: b, checksum: "sha256:bb", sizeBytes: 2 },
    ];
    const expected = async (): Promise<void> => {
      assert.deepEqual(await authored.members({ dataset: rid, version: "0.1.0" }), frozen);
      assert.deepEqual((await authored.versions(rid)).at(-1), first);
    };
    await expected();
    await authored.change(rid, { remove: [a], add: [{ rid: b, path: "b" }] });
    await expected();
    await authored.release(rid, { at: sampleTime, bump: "patch" });
    await expected();
    await authored.change(rid, { remove: [b], add: [{ rid: a, path: "a" }, { rid: c }] });
    await authored.release(rid, { at: sampleTime, version: "2.0.0" });
    await authored.describe(rid, { description: "x", types: ["Testing"], facets: { a: "1" } });
    await expected();
    const versions = await authored.versions(rid);
    assert.deepEqual(
      versions.map(({ version, memberCount }) => [version, memberCount]),
      [
        ["2.0.0", 2],
        ["0.1.1", 1],
        ["0.1.0", 2],
      ],
    );
    assert.equal((await authored.dataset(rid))?.version, "2.0.0");
  });

  withCatalog(
    "a release without a change, or to a version that is not greater, is refused",
    async (catalog) => {
      const { authored } = catalog;
      const [a] = (await files(catalog, ["aa"])) as [Rid];
      const rid = await one(authored, { release: { version: "1.2.3" } });
      const at = sampleTime;
      await assert.rejects(authored.release(rid, { at }), withCode("RELEASE_REFUSED", /nothing has changed/));
      await authored.change(rid, { add: [{ rid: a }] });
      for (const version of ["1.2.3", "1.2.2", "0.9.0"])
        await assert.rejects(
          authored.release(rid, { at, version }),
          withCode("RELEASE_REFUSED", /not greater/),
        );
      for (const version of ["1.2", "v2.0.0", "01.0.0", "draft"])
        await assert.rejects(authored.release(rid, { at, version }), withCode("USAGE", /is not a version/));
      assert.equal((await authored.release(rid, { at, bump: "major" }))[0]?.version, "2.0.0");
      await authored.change(rid, { remove: [a] });
      assert.equal((await authored.release(rid, { at }))[0]?.version, "2.1.0");
    },
  );

  withCatalog("equal content has an equal digest, whatever the RIDs and the order", async (catalog) => {
    const { authored } = catalog;
    const [a, b] = (await files(catalog, ["aa", "bb"])) as [Rid, Rid];
    const [second, first] = (await files(catalog, ["bb", "aa"])) as [Rid, Rid];
    const digest = async (members: NewDataset["members"]): Promise<string | undefined> => {
      const rid = await one(authored, { members, release: {} });
      const parent = await one(authored, { members: [{ rid, path: "in" }], release: {} });
      return (await authored.versions(parent))[0]?.digest;
    };
    const digestOfOne = await digest([{ rid: a, path: "x" }, { rid: b }]);
    assert.equal(digestOfOne, await digest([{ rid: second }, { rid: first, path: "x" }]));
    assert.notEqual(digestOfOne, await digest([{ rid: a }, { rid: b, path: "x" }]));
    assert.notEqual(digestOfOne, await digest([{ rid: a, path: "x" }]));
  });

  withCatalog("100,000 members are released at once, and changing one of them costs one", async (catalog) => {
    const { authored } = catalog;
    const contents = Array.from({ length: 100_000 }, (_, position) => String(position));
    const members = await files(catalog, contents);
    const rid = await one(authored, { members: members.map((member) => ({ rid: member })), release: {} });
    await authored.change(rid, { remove: [members[500] as Rid] });
    const [second] = await authored.release(rid, { at: sampleTime });
    assert.equal(second?.memberCount, 99_999);
    const difference = await authored.difference(rid, { from: "0.1.0", to: "0.2.0" });
    assert.deepEqual([difference.added.length, difference.removed.length], [0, 1]);
    const page = await authored.members({
      ...{ dataset: rid, version: "0.2.0", after: members[499] as Rid, limit: 2 },
    });
    assert.deepEqual(
      page.map((member) => member.rid),
      members.slice(501, 503),
    );
  });
}

function testChildren(withCatalog: WithCatalog): void {
  withCatalog("a child must be released as it is, or is released first", async (catalog) => {
    const { authored } = catalog;
    const at = sampleTime;
    const [a] = (await files(catalog, ["aa"])) as [Rid];
    const inner = await one(authored);
    const middle = await one(authored, { members: [{ rid: inner }] });
    const outer = await one(authored, { members: [{ rid: middle }] });
    await assert.rejects(
      authored.release(outer, { at }),
      withCode("RELEASE_REFUSED", new RegExp(`${middle} has no released version`)),
    );
    const released = await authored.release(outer, { at, recursive: true });
    assert.deepEqual(
      released.map(({ dataset }) => dataset),
      [inner, middle, outer],
    );
    await authored.change(inner, { add: [{ rid: a }] });
    await assert.rejects(
      authored.release(middle, { at }),
      withCode("RELEASE_REFUSED", new RegExp(`${inner} has changes since its version 0.1.0`)),
    );
    const again = await authored.release(outer, { at, recursive: true });
    assert.deepEqual(
      again.map(({ dataset, version }) => [dataset, version]),
      [
        [inner, "0.2.0"],
        [middle, "0.2.0"],
        [outer, "0.2.0"],
      ],
    );
    const { changed } = await authored.difference(middle, { from: "0.1.0", to: "0.2.0" });
    assert.deepEqual(
      changed.map(({ before, after }) => [before.version, after.version]),
      [["0.1.0", "0.2.0"]],
    );
    const nothing = authored.release(outer, { at, recursive: true });
    await assert.rejects(nothing, withCode("RELEASE_REFUSED", /nothing has changed/));
  });

  withCatalog("a child of a fixed version stays at it", async (catalog) => {
    const { authored } = catalog;
    const at = sampleTime;
    const [a] = (await files(catalog, ["aa"])) as [Rid];
    const child = await one(authored, { release: {} });
    const missing = authored.create([empty({ members: [{ rid: child, version: "3.0.0" }] })]);
    await assert.rejects(missing, withCode("UNKNOWN_NAME", /no version 3.0.0; there are 0.1.0/));
    const parent = await one(authored, { members: [{ rid: child, version: "0.1.0" }] });
    await authored.change(child, { add: [{ rid: a }] });
    await authored.release(parent, { at });
    await authored.release(child, { at });
    await assert.rejects(authored.release(parent, { at }), withCode("RELEASE_REFUSED", /nothing/));
    const [member] = await authored.members({ dataset: parent, version: "0.1.0" });
    assert.equal(member?.version, "0.1.0");
    await authored.change(parent, { add: [{ rid: child }] });
    await authored.release(parent, { at });
    assert.equal((await authored.members({ dataset: parent, version: "0.2.0" }))[0]?.version, "0.2.0");
  });

  withCatalog("parents and children of versions, also further away", async (catalog) => {
    const { authored } = catalog;
    const [leaf, part, whole] = await authored.create([
      empty({ release: {} }),
      empty({ members: [{ made: 0, path: "leaf" }], release: {} }),
      empty({ members: [{ made: 1 }, { made: 0 }] }),
    ]);
    const [leafRid, partRid, wholeRid] = [leaf?.rid, part?.rid, whole?.rid] as [Rid, Rid, Rid];
    const spec = (rid: Rid, version: string) => ({ rid, version });
    const direct = await authored.children({ dataset: wholeRid });
    assert.deepEqual(
      direct.map(({ child }) => child),
      [spec(leafRid, "0.1.0"), spec(partRid, "0.1.0")],
    );
    const all = await authored.children({ dataset: wholeRid, recursive: true });
    assert.deepEqual(all.at(-1), {
      ...{ parent: spec(partRid, "0.1.0"), child: spec(leafRid, "0.1.0"), depth: 2 },
    });
    const parents = await authored.parents({ dataset: leafRid, recursive: true });
    assert.deepEqual(
      parents.map(({ parent, depth }) => [parent, depth]),
      [
        [spec(partRid, "0.1.0"), 1],
        [spec(wholeRid, "draft"), 1],
        [spec(wholeRid, "draft"), 2],
      ],
    );
    assert.deepEqual(await authored.children({ dataset: leafRid, version: "0.1.0" }), []);
    await assert.rejects(authored.children({ dataset: leafRid, version: "9.0.0" }), withCode("UNKNOWN_NAME"));
  });
}

function testReading(withCatalog: WithCatalog): void {
  withCatalog("lists by name, RID, type and page", async ({ authored }) => {
    const rids = [
      await one(authored, { name: "same", types: ["Training"] }),
      await one(authored, { name: "same" }),
      await one(authored),
    ];
    const listed = async (query: Parameters<DatasetAuthoring["list"]>[0]) => {
      const { items, total } = await authored.list(query);
      return [items.map(({ rid }) => rid), total];
    };
    assert.deepEqual(await listed({ names: ["same"] }), [rids.slice(0, 2), 2]);
    assert.deepEqual(await listed({ names: [rids[2] as string] }), [[rids[2]], 1]);
    assert.deepEqual(await listed({ type: ["Training"] }), [[rids[0]], 1]);
    assert.deepEqual(await listed({ offset: 1, limit: 1 }), [[rids[1]], 3]);
    assert.equal((await authored.list({ names: [rids[2] as string] })).items[0]?.name, rids[2]);
  });
}
