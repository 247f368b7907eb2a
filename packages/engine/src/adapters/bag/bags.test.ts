import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../../core/errors.ts";
import { bagPathProblem } from "../../core/records/bag-paths.ts";
import type { NewBag } from "../../ports/bags.ts";
import { sampleBag } from "../../ports/sample-bag.harness.ts";
import {
  kinds,
  localFiles,
  openBags,
  problemsOf,
  signal,
  temporary,
  texts,
  written,
} from "./bags.harness.ts";

test("a bag is valid, complete, read-only, and beside it is nothing", async (t) => {
  const { folder, bags, bag, what } = await written(t);
  const verified = await bags.verify(bag, { signal });
  assert.deepEqual(verified.problems, []);
  assert.ok(verified.files > Object.keys(texts).length);
  assert.deepEqual(await bags.status(bag), {
    ...{ state: "complete", files: 3, present: 3, missing: [], fetchable: 0 },
    root: { rid: "D1", version: "0.1.0" },
  });
  assert.deepEqual(readdirSync(folder).sort(), ["bag", "sources"]);
  assert.equal(readFileSync(join(bag, "data/sub/b.txt"), "utf8"), "beta");
  assert.equal(statSync(join(bag, "data/a.txt")).mode & 0o777, 0o444);
  assert.deepEqual(await bags.contents(bag), what.contents);
  assert.match(readFileSync(join(bag, "bag-info.txt"), "utf8"), /^Payload-Oxum: 9\.3$/m);
});

test("the same bag written again is kept as it is; equal bags are equal byte by byte", async (t) => {
  const { folder, bags, bag, what } = await written(t);
  const before = statSync(join(bag, "data/a.txt")).ino;
  assert.equal(await bags.write(bag, what, { signal }), "kept");
  assert.equal(statSync(join(bag, "data/a.txt")).ino, before);
  const other = join(folder, "elsewhere/deep/bag");
  assert.equal(await bags.write(other, what, { signal }), "written");
  for (const name of readdirSync(bag, { recursive: true, encoding: "utf8" }))
    if (statSync(join(bag, name)).isFile())
      assert.deepEqual(readFileSync(join(other, name)), readFileSync(join(bag, name)), name);
});

test("a bag that lacks files is given them; an empty folder is taken; anything else is left alone", async (t) => {
  const { folder, bags, bag, what } = await written(t);
  unlinkSync(join(bag, "data/a.txt"));
  assert.equal((await bags.status(bag)).state, "incomplete");
  assert.equal(await bags.write(bag, what, { signal }), "completed");
  assert.deepEqual(await problemsOf(bags, bag), []);

  mkdirSync(join(folder, "empty"));
  assert.equal(await bags.write(join(folder, "empty"), what, { signal }), "written");

  for (const make of [
    () => mkdirSync(join(folder, "other/x"), { recursive: true }),
    () => writeFileSync(join(folder, "other"), "a file"),
    () => symlinkSync("nowhere", join(folder, "other")),
  ]) {
    make();
    await assert.rejects(bags.write(join(folder, "other"), what, { signal }), (error) =>
      isAlmanacError(error, "CONFLICT"),
    );
    rmSync(join(folder, "other"), { recursive: true });
  }
  const less = sampleBag(localFiles(join(folder, "empty"), { "a.txt": "alpha" }));
  await assert.rejects(bags.write(bag, less, { signal }), (error) => isAlmanacError(error, "CONFLICT"));
});

test("files whatever their names", async (t) => {
  const names = [
    ...["with blanks .txt", "two..dots..", "no extension/x", "é.txt", "e\u0301.txt", "日本/🎈", "100%.txt"],
    ...[
      "%25",
      "line\nend",
      "line\r\nend",
      "A.TXT",
      "a.txt",
      "#?*\"'$HOME",
      ".hidden",
      "-x",
      "ﬁ",
      "İ",
      "i\u0307",
    ],
  ];
  const { bags, bag } = await written(
    t,
    Object.fromEntries(names.map((name) => [name, `content of ${name}`])),
  );
  assert.deepEqual(await problemsOf(bags, bag), []);
  const { assets } = await bags.contents(bag);
  for (const { place, fileName } of assets)
    assert.match(readFileSync(join(bag, place), "utf8"), /^content of /, fileName);
  assert.equal(new Set(assets.map(({ place }) => place)).size, names.length);
});

test("any names at all: the bag is valid and every file is there with its content", async (t) => {
  const folder = temporary(t);
  const bags = openBags(t);
  let count = 0;
  const name = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 8 })
    .filter((text) => !text.includes("/") && bagPathProblem(text) === undefined);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
      async (paths) => {
        const base = join(folder, String(count++));
        mkdirSync(base);
        const files = paths.map((parts, at) => {
          writeFileSync(join(base, String(at)), `${at}`);
          return {
            ...{ path: parts.join("/"), bytes: Buffer.from(`${at}`) },
            origin: { file: join(base, String(at)) },
            bring: true,
          };
        });
        const bag = join(base, "bag");
        await bags.write(bag, sampleBag(files), { signal });
        assert.deepEqual(await problemsOf(bags, bag), []);
        const { assets } = await bags.contents(bag);
        for (const [at, { place }] of assets.entries())
          assert.equal(readFileSync(join(bag, place), "utf8"), `${at}`);
      },
    ),
    { numRuns: 30 },
  );
});

test("everything that is wrong is named at once", async (t) => {
  const { bags, bag } = await written(t, { ...texts, "c.txt": "gamma", "d.txt": "delta" });
  chmodSync(join(bag, "data/a.txt"), 0o644);
  writeFileSync(join(bag, "data/a.txt"), "Alpha");
  unlinkSync(join(bag, "data/c.txt"));
  unlinkSync(join(bag, "data/d.txt"));
  symlinkSync("/etc/hostname", join(bag, "data/d.txt"));
  writeFileSync(join(bag, "data/extra"), "x");
  writeFileSync(join(bag, "note.txt"), "x");
  mkdirSync(join(bag, "data/link-parent"));
  symlinkSync(dirname(bag), join(bag, "data/link-parent/up"));
  assert.deepEqual(await problemsOf(bags, bag), [
    "differs data/a.txt",
    "missing data/c.txt",
    "unsafe data/d.txt",
    "missing data/d.txt",
    "extra data/extra",
    "unsafe data/link-parent/up",
    "extra note.txt",
  ]);
  assert.equal((await bags.status(bag)).state, "incomplete");
});

test("a tag file that was changed, a manifest that leaves the bag, a payload of another size", async (t) => {
  const { bags, bag } = await written(t);
  for (const name of ["bag-info.txt", "manifest-sha256.txt"]) chmodSync(join(bag, name), 0o644);
  writeFileSync(join(bag, "bag-info.txt"), "Payload-Oxum: 10.3\n");
  appendFileSync(join(bag, "manifest-sha256.txt"), `${"ab".repeat(32)}  data/../../sources/0\n`);
  const { problems } = await bags.verify(bag, { signal });
  assert.deepEqual(kinds(problems), [
    "form bag-info.txt",
    "differs bag-info.txt",
    "form manifest-sha256.txt",
    "differs manifest-sha256.txt",
  ]);
  assert.match(problems[0]?.message ?? "", /9\.3.*10\.3/);
  assert.match(problems[2]?.message ?? "", /leaves the bag/);
  await assert.rejects(bags.complete(bag, { signal }), (error) => isAlmanacError(error, "BAG_INVALID"));
});

test("what a bag says of its dataset must agree with itself, even where all checksums are right", async (t) => {
  const { folder, bags, what } = await written(t);
  const bag = join(folder, "forged");
  const [dataset] = what.contents.datasets;
  assert.ok(dataset);
  const forged = {
    ...what,
    contents: { ...what.contents, datasets: [{ ...dataset, members: dataset.members.slice(1) }] },
  };
  await bags.write(bag, forged, { signal });
  const { problems } = await bags.verify(bag, { signal });
  assert.equal(problems.length, 2);
  assert.ok(problems.every(({ kind }) => kind === "contents"));
});

test("no bag, or one that is not of a dataset", async (t) => {
  const folder = temporary(t);
  const bags = openBags(t);
  assert.equal((await bags.status(join(folder, "none"))).state, "absent");
  assert.equal((await bags.status(folder)).state, "absent");
  for (const failing of [
    bags.verify(folder, { signal }),
    bags.contents(folder),
    bags.complete(folder, { signal }),
  ])
    await assert.rejects(failing, (error) => isAlmanacError(error, "FILE_MISSING"));

  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data/100%25"), "x");
  writeFileSync(join(folder, "bagit.txt"), "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n");
  writeFileSync(join(folder, "manifest-md5.txt"), "9dd4e461268c8034f5c8564e155c67a6  data/100%25\n");
  assert.deepEqual(await problemsOf(bags, folder), []);
  assert.equal((await bags.status(folder)).state, "complete");
  await assert.rejects(bags.contents(folder), (error) => isAlmanacError(error, "BAG_INVALID"));
});

test("a file that changed since it was registered, and one that is gone: no bag, both named", async (t) => {
  const folder = temporary(t);
  const files = localFiles(folder, texts);
  writeFileSync(join(folder, "sources/0"), "altered");
  unlinkSync(join(folder, "sources/1"));
  await assert.rejects(
    openBags(t).write(join(folder, "bag"), sampleBag(files), { signal }),
    (error) => error instanceof Error && /a\.txt.*sha256/.test(error.message) && /b\.txt/.test(error.message),
  );
  assert.deepEqual(readdirSync(folder), ["sources"]);
});

test("read-only files that nobody writes to are linked, others are copied", async (t) => {
  const folder = temporary(t);
  const files = localFiles(folder, { one: "1", two: "2" });
  chmodSync(join(folder, "sources/0"), 0o444);
  await openBags(t).write(join(folder, "bag"), sampleBag(files), { signal, link: true });
  assert.equal(statSync(join(folder, "bag/data/one")).ino, statSync(join(folder, "sources/0")).ino);
  assert.notEqual(statSync(join(folder, "bag/data/two")).ino, statSync(join(folder, "sources/1")).ino);
});

test("names that an archive turned into another form of Unicode are found", async (t) => {
  const { bags, bag } = await written(t, { "é.txt": "x" });
  renameSync(join(bag, "data/é.txt"), join(bag, "data/e\u0301.txt"));
  assert.deepEqual(await problemsOf(bags, bag), []);
});

test("an interrupted write leaves nothing", async (t) => {
  const folder = temporary(t);
  const stopped = new AbortController();
  const bag: NewBag = sampleBag(localFiles(folder, texts));
  stopped.abort(new Error("stop"));
  await assert.rejects(openBags(t).write(join(folder, "bag"), bag, { signal: stopped.signal }), /stop/);
  assert.deepEqual(readdirSync(folder), ["sources"]);
});

test("what a killed process left is removed by the next one that writes there", async (t) => {
  const folder = temporary(t);
  const left = join(folder, ".almanac-bag-4194305-abc");
  mkdirSync(left);
  writeFileSync(join(left, "0"), "half");
  await openBags(t).write(join(folder, "bag"), sampleBag(localFiles(folder, texts)), { signal });
  assert.equal(existsSync(left), false);
});
