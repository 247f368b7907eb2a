import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../errors.ts";
import { folderDatasets } from "./folder-datasets.ts";
import { stageDataset } from "./stage-datasets.ts";
import type { GivenDataset, GivenFile, StagedDataset } from "./staged-dataset.ts";

const rules = {
  allowed: undefined,
  registered: (given: string) => (given.endsWith(".txt") ? given.replace("/abs/", "") : undefined),
  inside: (path: string) => (path.startsWith("/") || path.includes("..") ? undefined : path),
  staged: 1,
};

test("members are files, RIDs, versions, datasets before and rows; a file may be named like a RID", () => {
  const { members, draft } = stageDataset(
    {
      members: [
        "/abs/a.txt",
        { member: "b.txt", path: "x/b" },
        ...["3jse", "rid:3JSE", "1-4x2k@0.1.0"],
        { dataset: 0 },
        { recordType: "Site", row: 3 },
      ],
    },
    { ...rules, registered: (given) => (given === "3jse" ? "3jse" : rules.registered(given)) },
  );
  assert.equal(draft, false);
  assert.deepEqual(members, [
    { file: "a.txt", path: "a.txt" },
    { file: "b.txt", path: "x/b" },
    { file: "3jse", path: "3jse" },
    { rid: "3JSE" },
    { rid: "1-4X2K", version: "0.1.0" },
    { dataset: 0 },
    { recordType: "Site", row: 3 },
  ]);
});

test("a path twice, a path outside, a dataset after this one: each is told", () => {
  const given: GivenDataset = {
    draft: true,
    version: "0.1.0",
    members: ["a.txt", { member: "3JSE", path: "a.txt" }, { member: "3JSE", path: "../a" }, { dataset: 1 }],
  };
  assert.throws(
    () => stageDataset(given, rules),
    (error) =>
      isAlmanacError(error, "DATASET_REFUSED") &&
      [/a draft has no version/, /have the path a.txt/, /"..\/a" is no path/, /no dataset 2/].every((part) =>
        part.test(error.message),
      ),
  );
});

test("what has no form of a member is shown, once", () => {
  const wrong: unknown[] = [null, 7, {}, { path: "x" }, { dataset: "0" }, { recordType: "Site", row: -1 }];
  const given = [
    ...wrong,
    ...Array.from({ length: 1000 }, () => ({ path: "x" })),
    { member: "3JSE", path: 1 },
  ];
  const message = (dataset: object) => {
    try {
      stageDataset(dataset as GivenDataset, rules);
    } catch (error) {
      assert.ok(isAlmanacError(error, "DATASET_REFUSED"));
      return error.message;
    }
    return "";
  };
  const told = message({ members: given });
  for (const each of wrong) assert.equal(told.split(`${JSON.stringify(each)} has no form`).length, 2);
  assert.match(told, /1 is no path inside/);
  assert.doesNotMatch(told, /NaN|undefined|more/);
});

const digest = "a".repeat(64);
const folders = fc.array(fc.constantFrom("a", "b", "c d", "é"), { maxLength: 3 });

/** Paths of the files below a dataset, put together again. */
function pathsOf(
  datasets: readonly StagedDataset[],
  at: number,
  below: string,
): readonly (readonly [string, number])[] {
  return (datasets[at]?.members ?? []).flatMap((member) => {
    const path = `${below}${member.path}`;
    if ("dataset" in member) return pathsOf(datasets, member.dataset, `${path}/`);
    return "added" in member ? [[path, member.added] as const] : [];
  });
}

test("files from elsewhere keep their folders below the one that all have in common", () => {
  fc.assert(
    fc.property(fc.uniqueArray(folders, { minLength: 1, selector: (parts) => parts.join("/") }), (places) => {
      const given = places.map(
        (parts, at): GivenFile => ({
          url: `https://host.example/${["top", ...parts].map(encodeURIComponent).join("/")}/f${at}.nc`,
          ...{ sizeBytes: at, sha256: digest },
        }),
      );
      const { files, datasets } = folderDatasets(given, {
        about: { name: "n" },
        start: { files: 0, datasets: 0 },
      });
      const common = places.reduce((least, parts) => {
        const first = places[0] ?? [];
        const same = parts.findIndex((part, at) => part !== first[at]);
        return Math.min(least, same < 0 ? Math.min(parts.length, first.length) : same);
      }, Number.POSITIVE_INFINITY);
      const expected = places.map((parts, at) => [[...parts.slice(common), `f${at}.nc`].join("/"), at]);
      const found = pathsOf(datasets, datasets.length - 1, "");
      assert.deepEqual(
        new Map(found.map(([path, at]) => [at, path])),
        new Map(expected.map(([path, at]) => [at, path])),
      );
      assert.equal(found.length, files.length);
      assert.equal(datasets.at(-1)?.name, "n");
    }),
  );
});

test("a file from elsewhere whose URL holds a user or password is refused without telling them", () => {
  const urls = ["https://walter:hush@one.example/a.nc", "https://walter@two.example/b.nc"];
  const given = [...urls, ...urls].map((url): GivenFile => ({ url, sizeBytes: 1, sha256: digest }));
  assert.throws(
    () => folderDatasets(given, { about: { name: "n" }, start: { files: 0, datasets: 0 } }),
    (error) => {
      assert.ok(isAlmanacError(error, "DATASET_REFUSED"));
      for (const host of ["one.example", "two.example"])
        assert.match(error.message, new RegExp(`the URL of ${host} holds a user or password`));
      assert.doesNotMatch(JSON.stringify([error.message, error.facts]), /walter|hush/);
      return true;
    },
  );
});
