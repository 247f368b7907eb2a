import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../errors.ts";
import type { Rid } from "../identity/rid.ts";
import { bagDeclarationText, oxumText, readBagDeclaration, readOxum } from "./bag-info.ts";
import { oneLine, readLabels, writeLabels } from "./bag-labels.ts";
import { readFetch, readManifest, writeFetch, writeManifest } from "./bag-manifest.ts";
import { bagPathProblem, decodeBagPath, encodeBagPath, foldedPath, placeFiles } from "./bag-paths.ts";

/** Parts of names that have given trouble: blanks, signs that are encoded, forms of Unicode, look-alikes of encodings. */
const oddPart = fc.constantFrom(
  ...[
    "a",
    "A",
    "%",
    "%0A",
    "%25",
    "\r",
    "\n",
    "\r\n",
    " ",
    "é",
    "e\u0301",
    "ﬁ",
    "日本",
    "🎈",
    ".x",
    "..",
    "~",
  ],
  ...["$HOME", "\\", "*", "'", '"', "İ", "ß", "\t", "#", "?"],
);
const oddName = fc
  .array(fc.oneof(oddPart, fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join("").replaceAll("/", "_").replaceAll("\0", "_"))
  .filter((name) => bagPathProblem(name) === undefined);
const oddPath = fc.array(oddName, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

const digest = "ab".repeat(32);

test("any path comes back from a manifest as it was written", () => {
  fc.assert(
    fc.property(fc.uniqueArray(oddPath, { selector: foldedPath, maxLength: 6 }), (paths) => {
      const written = writeManifest(paths.map((path) => [`data/${path}`, digest]));
      const read = readManifest(written, { name: "m", algorithm: "sha256", version: "1.0", of: "payload" });
      assert.deepEqual(read.problems, []);
      assert.deepEqual(new Set(read.entries.keys()), new Set(paths.map((path) => `data/${path}`)));
    }),
    { numRuns: 300 },
  );
});

test("any path comes back from a list of files to fetch, with its size and its URL", () => {
  fc.assert(
    fc.property(oddPath, fc.option(fc.nat(), { nil: undefined }), fc.webUrl(), (path, sizeBytes, url) => {
      const entry = { url, sizeBytes, path: `data/${path}` };
      assert.deepEqual(readFetch(writeFetch([entry]), { version: "1.0" }), {
        entries: [entry],
        problems: [],
      });
    }),
  );
});

test("an encoded path is one line, and only percent signs and line ends are encoded", () => {
  fc.assert(
    fc.property(oddPath, (path) => {
      const encoded = encodeBagPath(path);
      assert.doesNotMatch(encoded, /[\r\n]/);
      assert.equal(decodeBagPath(encoded, "1.0"), path);
      if (!/[%\r\n]/.test(path)) assert.equal(encoded, path);
    }),
  );
  assert.equal(encodeBagPath("50%\r\n"), "50%25%0D%0A");
  assert.equal(decodeBagPath("a%0a%0A%0d%41", "1.0"), "a\n\n\r%41");
});

test("before 1.0 a percent sign stands for itself", () => {
  assert.equal(decodeBagPath("100%25%0A", "0.97"), "100%25\n");
});

test("paths that leave a bag, or are none, are refused", () => {
  for (const path of [
    "",
    "../x",
    "data/../../x",
    "/etc/passwd",
    "a//b",
    "./a",
    "a/.",
    "~/x",
    "C:\\x",
    "a\0b",
    "\ud800",
  ])
    assert.notEqual(bagPathProblem(path), undefined, JSON.stringify(path));
  for (const path of ["a", "a b/c.d.e", "..a/b..", "%", "a\nb", "é"])
    assert.equal(bagPathProblem(path), undefined);
});

test("every wrong line of a manifest is named, the right ones are read", () => {
  const text = [
    `${digest} data/good`,
    `${digest.toUpperCase()} *data/binary`,
    `${digest}\tdata/tab`,
    "no line",
    `${digest} ../outside`,
    `abcd data/short`,
    `${digest} data/good`,
    `${digest} DATA/x`,
    `${digest} data/GOOD`,
    `${digest} data/e\u0301`,
    `${digest} data/\u00e9`,
    "",
  ].join("\r\n");
  const { entries, problems } = readManifest(text, {
    ...{ name: "manifest-sha256.txt", algorithm: "sha256", version: "1.0", of: "payload" },
  });
  assert.deepEqual([...entries.keys()], ["data/good", "data/binary", "data/tab", "data/e\u0301"]);
  assert.deepEqual(
    problems.map((problem) => problem.replace(/^manifest-sha256.txt, /, "")),
    [
      "line 4: is no checksum with a path",
      'line 5: the path "../outside" leaves the bag',
      "line 6: no sha256 digest of data/short",
      "line 7: data/good comes twice",
      "line 8: DATA/x is not of the payload",
      "line 9: data/GOOD and data/good are one file on some machines",
      "line 11: data/\u00e9 and data/e\u0301 are one file on some machines",
    ],
  );
});

test("what may be fetched: http, https and files, into the payload only", () => {
  const text = [
    "https://x.org/a%20b - data/a b",
    "ftp://x.org/a 3 data/c",
    "http://x.org/a 3 data/../../c",
    "http://x.org/a 3 bagit.txt",
    "http://x.org/a 3 data/a b",
    "http://x.org/a three data/d",
    "file:///x/y 0 data/d",
  ].join("\n");
  const { entries, problems } = readFetch(text, { version: "1.0" });
  assert.deepEqual(
    entries.map(({ path }) => path),
    ["data/a b", "data/d"],
  );
  assert.equal(entries[0]?.sizeBytes, undefined);
  assert.equal(entries[1]?.sizeBytes, 0);
  assert.equal(problems.length, 5);
});

test("labels come back, long values in several lines", () => {
  const label = fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,20}$/);
  const value = fc.array(oddName, { maxLength: 30 }).map((words) => oneLine(words.join(" ")));
  fc.assert(
    fc.property(fc.array(fc.tuple(label, value), { maxLength: 5 }), (labels) => {
      assert.deepEqual(readLabels(writeLabels(labels)), { entries: labels, problems: [] });
    }),
  );
  const long = writeLabels([["External-Description", "words ".repeat(60)]]);
  assert.ok(long.split("\n").length > 3);
  assert.ok(long.split("\n").every((line) => line.length < 80));
});

test("the declaration: ours, those of other versions, and what is none", () => {
  assert.deepEqual(readBagDeclaration(bagDeclarationText), { version: "1.0", encoding: "UTF-8" });
  assert.deepEqual(readBagDeclaration("BagIt-Version: 0.97\r\nTag-File-Character-Encoding: ISO-8859-1\r\n"), {
    version: "0.97",
    encoding: "ISO-8859-1",
  });
  for (const text of [
    "",
    "BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8",
    "BagIt-Version: 1.0\n",
    `\uFEFF${bagDeclarationText}`,
  ])
    assert.ok("problem" in readBagDeclaration(text), JSON.stringify(text));
});

test("the size of a payload as text", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (bytes, files) => {
      assert.deepEqual(readOxum(oxumText({ bytes, files })), { bytes, files });
    }),
  );
  for (const text of ["", "12", "1.2.3", "a.b", "-1.2"]) assert.equal(readOxum(text), undefined);
});

const rid = (at: number): Rid => `A${at}` as Rid;

test("every file has a place of its own, on every file system, whatever the names", () => {
  fc.assert(
    fc.property(fc.array(oddPath, { maxLength: 12 }), (paths) => {
      const places = [...placeFiles(paths.map((path, at) => ({ rid: rid(at), path }))).values()];
      assert.equal(places.length, paths.length);
      const folded = places.map(foldedPath);
      assert.equal(new Set(folded).size, places.length);
      for (const place of places) {
        assert.equal(bagPathProblem(place), undefined);
        assert.doesNotMatch(place, /[%\r\n]/);
      }
      for (const one of folded) for (const other of folded) assert.ok(!other.startsWith(`${one}/`));
    }),
    { numRuns: 300 },
  );
});

test("the first of two files of one name keeps it, the second is below its RID", () => {
  const places = placeFiles([
    { rid: rid(1), path: "a/x.txt" },
    { rid: rid(2), path: "A/X.txt" },
    { rid: rid(3), path: "a" },
    { rid: rid(4), path: "a/x.txt/y" },
    { rid: rid(1), path: "elsewhere" },
  ]);
  assert.deepEqual(
    [...places.values()],
    ["data/a/x.txt", "data/A2/A/X.txt", "data/A3/a", "data/A4/a/x.txt/y"],
  );
});

test("members whose paths leave the dataset are named, all of them", () => {
  assert.throws(
    () =>
      placeFiles([
        { rid: rid(1), path: "../x" },
        { rid: rid(2), path: "ok" },
        { rid: rid(3), path: "/x" },
      ]),
    (error) => isAlmanacError(error, "USAGE") && /A1.*A3/.test(error.message),
  );
});
