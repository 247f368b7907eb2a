import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, type TestContext, test } from "node:test";
import { type ErrorCode, isAlmanacError } from "../core/errors.ts";
import type { Rid } from "../core/identity/rid.ts";
import { type ReadOnlyDatasets, writingVerbs } from "./dataset-reader.ts";
import type { SampleDatasets } from "./sample-datasets.contract.ts";

/** A reader of the sample datasets, version 0.2.0 of the parent with all below it. */
export interface ReaderUnderTest {
  readonly reader: ReadOnlyDatasets;
  readonly sample: SampleDatasets;
}

const withCode = (code: ErrorCode) => (error: unknown) => isAlmanacError(error, code);

async function allOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

type WithReader = (title: string, body: (under: ReaderUnderTest) => Promise<void>) => void;

const newest = "0.2.0";

/** Registers the tests that every `DatasetReader` passes. */
export function testDatasetReader(name: string, open: (t: TestContext) => Promise<ReaderUnderTest>): void {
  const withReader: WithReader = (title, body) => {
    test(title, async (t) => body(await open(t)));
  };
  describe(`dataset reader: ${name}`, () => {
    testDatasets(withReader);
    testRelations(withReader);
    testBelongings(withReader);
    testRefusing(withReader);
  });
}

function testDatasets(withReader: WithReader): void {
  withReader("a dataset, its version, its members in order of RIDs", async ({ reader, sample }) => {
    const { all, train, test: testing, a, mask, sites } = sample;
    const found = await reader.dataset(all);
    assert.deepEqual(found, {
      ...{ rid: all, name: "all of it", description: "Both", types: [], facets: { region: "north" } },
      ...{ derivation: { seed: 3 }, createdAt: found?.createdAt },
    });
    assert.deepEqual((await reader.dataset(train))?.types, ["Training"]);
    assert.equal((await reader.dataset(train))?.madeBy, sample.runs[0]);
    const [version] = await reader.versions(all);
    assert.equal(version?.version, newest);
    assert.equal(version?.notes, "with a mask");
    assert.equal(version?.memberCount, 3);
    const members = await allOf(reader.members({ rid: all, version: newest }));
    assert.deepEqual(
      members.map(({ kind, rid, path, version: of }) => [kind, rid, path, of]),
      [
        ["dataset", train, "first", newest],
        ["dataset", testing, undefined, "0.1.0"],
        ["record", sites[1], undefined, undefined],
      ],
    );
    const files = await allOf(reader.members({ rid: train, version: newest }));
    assert.deepEqual(
      files.map(({ rid, path, sizeBytes }) => [rid, path, sizeBytes]),
      [
        [sites[0], undefined, undefined],
        [a, "x/a.txt", 5],
        [mask, "x/mask", 4],
      ],
    );
  });

  withReader("members of everything below, each once", async ({ reader, sample }) => {
    const { all, a, b, mask, sites } = sample;
    const members = await allOf(reader.members({ rid: all, version: newest, recursive: true }));
    assert.deepEqual(new Set(members.map(({ rid }) => rid)), new Set([a, b, mask, ...sites]));
    assert.equal(members.length, 5);
  });
}

function testRelations(withReader: WithReader): void {
  withReader("children and parents", async ({ reader, sample: { all, train, test: testing } }) => {
    const children = [
      { parent: { rid: all, version: newest }, child: { rid: train, version: newest }, depth: 1 },
      { parent: { rid: all, version: newest }, child: { rid: testing, version: "0.1.0" }, depth: 1 },
    ];
    assert.deepEqual(await reader.children({ rid: all, version: newest }), children);
    assert.deepEqual(await reader.children({ rid: all, version: newest, recursive: true }), children);
    assert.deepEqual(await reader.children({ rid: train, version: newest }), []);
    assert.deepEqual(await reader.parents({ rid: train, version: newest }), [children[0]]);
    assert.deepEqual(await reader.parents({ rid: all, version: newest, recursive: true }), []);
  });
}

function testBelongings(withReader: WithReader): void {
  withReader("assets with their files, also those that records refer to", async ({ reader, sample }) => {
    const found = await reader.asset(sample.a);
    assert.equal(found?.fileName, "a.txt");
    assert.deepEqual(found?.types, ["figure"]);
    assert.equal(found?.description, "the file a.txt");
    assert.equal(found?.madeBy, sample.runs[0]);
    assert.equal(readFileSync(found?.file ?? "", "utf8"), "alpha");
    const photo = await reader.asset(sample.photo);
    assert.equal(photo?.fileName, "photo 100%.jpg");
    assert.equal(readFileSync(photo?.file ?? "", "utf8"), "photo");
    assert.equal(await reader.asset("ZZZZ" as Rid), undefined);
  });

  withReader("records and their types, all and those of a version", async ({ reader, sample }) => {
    const { all, train, sites, photo } = sample;
    assert.deepEqual(
      (await reader.recordTypes()).map(({ name }) => name),
      ["Site"],
    );
    const records = await allOf(reader.records({ type: "Site" }));
    assert.deepEqual(
      records.map(({ rid, values }) => [rid, values]),
      [
        [sites[0], { height: 1, near: null, photo: null }],
        [sites[1], { height: 2, near: null, photo }],
      ],
    );
    const within = async (rid: Rid): Promise<readonly Rid[]> =>
      (await allOf(reader.records({ type: "Site", in: { rid, version: newest } }))).map((each) => each.rid);
    assert.deepEqual(await within(train), [sites[0]]);
    assert.deepEqual(await within(all), sites);
    assert.deepEqual((await reader.record(sites[1]))?.values, records[1]?.values);
    assert.equal(await reader.record("ZZZZ" as Rid), undefined);
  });

  withReader("features: all values, and one of each target by a selector", async ({ reader, sample }) => {
    const { all, test: testing, a, mask, runs } = sample;
    const feature = "execution-asset/drawn";
    assert.deepEqual(
      (await reader.features()).map(({ name }) => name),
      ["drawn"],
    );
    const values = await allOf(reader.values({ feature }));
    assert.deepEqual(
      values.map(({ target, execution, values: held }) => [target, execution, held]),
      [
        [a, runs[0], { grade: "good", score: 1.5, mask }],
        [a, runs[1], { grade: "poor", score: 2, mask: null }],
      ],
    );
    const of = { feature, in: { rid: all, version: newest } };
    assert.deepEqual(await allOf(reader.values(of)), values);
    assert.deepEqual(await allOf(reader.values({ ...of, selector: { by: "newest" } })), values.slice(1));
    assert.deepEqual(await allOf(reader.values({ ...of, selector: { by: "first" } })), values.slice(0, 1));
    assert.deepEqual(
      await allOf(reader.values({ ...of, selector: { by: "execution", execution: runs[1] } })),
      values.slice(1),
    );
    assert.deepEqual(await allOf(reader.values({ feature, in: { rid: testing, version: "0.1.0" } })), []);
    assert.deepEqual(await allOf(reader.values({ feature, targets: [mask] })), []);
  });

  withReader("terms by name or synonym", async ({ reader }) => {
    assert.deepEqual(await reader.terms("Grade"), [
      { name: "good", description: "", synonyms: ["fine"] },
      { name: "poor", description: "Not good", synonyms: [] },
    ]);
    assert.equal((await reader.term("Grade", "fine"))?.name, "good");
    assert.equal((await reader.term("Dataset_Type", "train"))?.name, "Training");
    assert.equal(await reader.term("Grade", "Fine"), undefined);
  });
}

function testRefusing(withReader: WithReader): void {
  withReader("what is not there is an error or nothing", async ({ reader, sample: { all } }) => {
    const none = "ZZZZ" as Rid;
    assert.equal(await reader.dataset(none), undefined);
    const unknown = withCode("UNKNOWN_NAME");
    await assert.rejects(reader.versions(none), unknown);
    await assert.rejects(allOf(reader.members({ rid: all, version: "9.0.0" })), unknown);
    await assert.rejects(reader.children({ rid: all, version: "9.0.0" }), unknown);
    await assert.rejects(reader.parents({ rid: none, version: newest }), unknown);
    await assert.rejects(allOf(reader.records({ type: "None" })), unknown);
    await assert.rejects(allOf(reader.values({ feature: "execution-asset/none" })), unknown);
    await assert.rejects(reader.terms("None"), unknown);
    await assert.rejects(
      allOf(
        reader.values({
          feature: "execution-asset/drawn",
          selector: { by: "majority", column: "none" },
        }),
      ),
      unknown,
    );
    await assert.rejects(allOf(reader.members({ rid: all, version: "draft" })), withCode("USAGE"));
  });

  withReader("writing is an error that says so, whatever the verb", async ({ reader }) => {
    for (const verb of writingVerbs)
      await assert.rejects(
        reader[verb]({ rid: "ZZZZ" }),
        (error) => isAlmanacError(error, "CATALOG_READ_ONLY") && error.message.includes(reader.source),
      );
  });
}
