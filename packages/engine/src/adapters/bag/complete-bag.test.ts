import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { isAlmanacError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import { writeManifest } from "../../core/records/bag-manifest.ts";
import { sampleBag } from "../../ports/sample-bag.harness.ts";
import { openBags, problemsOf, remoteFiles, served, signal, temporary } from "./bags.harness.ts";

const remote = { one: "first file", two: "second file" };

test("files elsewhere are listed, then fetched; their names come once they are right", async (t) => {
  const server = await served(t, remote);
  const folder = temporary(t);
  const bags = openBags(t);
  const bag = join(folder, "bag");
  await bags.write(bag, sampleBag(remoteFiles(server, remote)), { signal });
  assert.deepEqual(await bags.status(bag), {
    ...{ state: "metadata-only", files: 2, present: 0, missing: ["data/one", "data/two"], fetchable: 2 },
    root: { rid: "D1", version: "0.1.0" },
  });
  assert.deepEqual(await problemsOf(bags, bag), ["missing data/one", "missing data/two"]);
  assert.equal(server.seen.length, 0);

  server.next({ kind: "lie" });
  await assert.rejects(bags.complete(bag, { signal }), (error) => isAlmanacError(error, "ARTIFACT_INVALID"));
  assert.equal((await bags.status(bag)).state, "incomplete");
  assert.deepEqual(readdirSync(folder), ["bag"]);

  assert.equal(await bags.complete(bag, { signal }), 1);
  assert.deepEqual(await problemsOf(bags, bag), []);
  assert.equal((await bags.status(bag)).state, "complete");
  assert.equal(await bags.complete(bag, { signal }), 0);
});

test("a connection that is cut again and again: what came is complete or not there", async (t) => {
  const server = await served(t, remote);
  const bag = join(temporary(t), "bag");
  const bags = openBags(t);
  await bags.write(bag, sampleBag(remoteFiles(server, remote)), { signal });
  server.next(...Array.from({ length: 4 }, () => ({ kind: "cut", afterBytes: 3 }) as const));
  await assert.rejects(bags.complete(bag, { signal }), (error) => isAlmanacError(error, "DOWNLOAD_FAILED"));
  assert.deepEqual(readdirSync(join(bag, "data")), []);
  assert.equal(await bags.complete(bag, { signal }), 2);
  assert.deepEqual(await problemsOf(bags, bag), []);
});

test("a bag written with its remote files is the same as one they are fetched into", async (t) => {
  const server = await served(t, remote);
  const folder = temporary(t);
  const bags = openBags(t);
  await bags.write(join(folder, "all"), sampleBag(remoteFiles(server, remote, true)), { signal });
  assert.deepEqual(await problemsOf(bags, join(folder, "all")), []);
  await bags.write(join(folder, "later"), sampleBag(remoteFiles(server, remote)), { signal });
  assert.equal(
    await bags.write(join(folder, "later"), sampleBag(remoteFiles(server, remote, true)), { signal }),
    "completed",
  );
  assert.equal(
    readFileSync(join(folder, "all/tagmanifest-sha256.txt"), "utf8"),
    readFileSync(join(folder, "later/tagmanifest-sha256.txt"), "utf8"),
  );
});

test("files by file URL are fetched too", async (t) => {
  const folder = temporary(t);
  const source = join(folder, "a source.bin");
  writeFileSync(source, "bytes");
  const file = {
    path: "x",
    bytes: Buffer.from("bytes"),
    origin: { url: pathToFileURL(source).href },
    bring: false,
  };
  const bag = join(folder, "bag");
  await openBags(t).write(bag, sampleBag([file]), { signal });
  assert.equal(await openBags(t).complete(bag, { signal }), 1);
  assert.equal(readFileSync(join(bag, "data/x"), "utf8"), "bytes");
});

/** Writes a tag file as a forger would, so that the manifest of tag files agrees. */
function forge(bag: string, name: string, text: string): void {
  for (const each of [name, "tagmanifest-sha256.txt"]) chmodSync(join(bag, each), 0o644);
  writeFileSync(join(bag, name), text);
  const digests = readdirSync(bag, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith("data") && path !== "tagmanifest-sha256.txt")
    .filter((path) => statSync(join(bag, path)).isFile())
    .map((path) => [path, sha256Hex(readFileSync(join(bag, path)))] as const);
  writeFileSync(join(bag, "tagmanifest-sha256.txt"), writeManifest(digests));
}

test("a list of files to fetch that leads out of the bag is refused, and nothing is fetched", async (t) => {
  const server = await served(t, remote);
  const folder = temporary(t);
  const bags = openBags(t);
  for (const [at, path] of [
    "data/../../evil",
    "/tmp/evil",
    "../evil",
    "bagit.txt",
    "data/%0A/../../../evil",
  ].entries()) {
    const bag = join(folder, `bag${at}`);
    await bags.write(bag, sampleBag(remoteFiles(server, remote)), { signal });
    forge(bag, "fetch.txt", `${server.origin}/one 10 ${path}\n${server.origin}/two 11 data/two\n`);
    await assert.rejects(bags.complete(bag, { signal }), (error) => isAlmanacError(error, "BAG_INVALID"));
    const { problems } = await bags.verify(bag, { signal });
    assert.ok(problems.some(({ kind, path: of }) => kind === "form" && of === "fetch.txt"));
  }
  assert.equal(server.seen.length, 0);
  assert.equal(existsSync(join(folder, "evil")), false);
});

test("a link in the place of a folder of the payload is not written through", async (t) => {
  const server = await served(t, { "sub/one": "first" });
  const folder = temporary(t);
  const bags = openBags(t);
  const bag = join(folder, "bag");
  await bags.write(bag, sampleBag(remoteFiles(server, { "sub/one": "first" })), { signal });
  mkdirSync(join(folder, "outside"));
  symlinkSync(join(folder, "outside"), join(bag, "data/sub"));
  await assert.rejects(bags.complete(bag, { signal }), (error) => isAlmanacError(error, "BAG_INVALID"));
  await assert.rejects(
    bags.write(bag, sampleBag(remoteFiles(server, { "sub/one": "first" }, true)), { signal }),
    (error) => isAlmanacError(error, "BAG_INVALID"),
  );
  assert.deepEqual(readdirSync(join(folder, "outside")), []);
});

test("a file of another size than listed is fetched anew; one cut short is found by verifying", async (t) => {
  const server = await served(t, remote);
  const bag = join(temporary(t), "bag");
  const bags = openBags(t);
  await bags.write(bag, sampleBag(remoteFiles(server, remote, true)), { signal });
  chmodSync(join(bag, "data/one"), 0o644);
  truncateSync(join(bag, "data/one"), 3);
  assert.deepEqual((await bags.status(bag)).missing, ["data/one"]);
  assert.deepEqual(await problemsOf(bags, bag), ["form bag-info.txt", "differs data/one"]);
  assert.equal(await bags.complete(bag, { signal }), 1);
  assert.deepEqual(await problemsOf(bags, bag), []);
});
