import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sha256Hex } from "../core/identity/digest.ts";
import type { FragmentStore, PromotedFile } from "./fragment-store.ts";

/** Two empty stores for one test. */
export interface FragmentStoresUnderTest {
  readonly source: FragmentStore;
  readonly destination: FragmentStore;
  /** Writes a file into the source as a computation would. */
  readonly write: (fragment: string, path: string, text: string) => void;
  close(): Promise<void>;
}

const fragment = "climate/mean/A/1/2";

/** A file given as text. */
function given(path: string, text: string): PromotedFile {
  const bytes = new TextEncoder().encode(text);
  return { path, sha256: sha256Hex(bytes), from: { bytes } };
}

async function textOf(store: FragmentStore, path: string): Promise<string | undefined> {
  const bytes = await store.read(fragment, path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

async function fragmentsOf(store: FragmentStore): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const each of store.fragments()) found.push(each);
  return found;
}

type WithStores = (title: string, body: (stores: FragmentStoresUnderTest) => Promise<void>) => void;

/** Registers the tests that every `FragmentStore` passes. @param open two empty stores of its kind */
export function testFragmentStore(name: string, open: () => Promise<FragmentStoresUnderTest>): void {
  const withStores: WithStores = (title, body) => {
    test(title, async () => {
      const stores = await open();
      try {
        await body(stores);
      } finally {
        await stores.close();
      }
    });
  };
  describe(`fragment store: ${name}`, () => {
    testReading(withStores);
    testPromoting(withStores);
    testReplacing(withStores);
  });
}

function testReading(withStores: WithStores): void {
  withStores("what is not there is undefined, an empty list, no fragment", async ({ destination }) => {
    assert.equal(await destination.read(fragment, "x"), undefined);
    assert.deepEqual(await destination.list(fragment), []);
    assert.deepEqual(await fragmentsOf(destination), []);
    await destination.remove(fragment);
    await assert.rejects(destination.digest(fragment, "x"), { code: "FILE_MISSING" });
  });

  withStores("paths that leave the store or the fragment are refused", async ({ destination }) => {
    await assert.rejects(async () => destination.read("../other", "x"), { code: "ARTIFACT_INVALID" });
    await assert.rejects(async () => destination.read(fragment, "../x"), { code: "ARTIFACT_INVALID" });
    await assert.rejects(async () => destination.list("/etc"), { code: "ARTIFACT_INVALID" });
    const escaping = given("../../x", "x");
    await assert.rejects(destination.promote(fragment, [escaping], { replace: true }), {
      code: "ARTIFACT_INVALID",
    });
  });

  withStores("a stamp stands until the file changes", async ({ source, write }) => {
    write(fragment, "a.nc", "one");
    const [before] = await source.list(fragment);
    const [again] = await source.list(fragment);
    assert.equal(before?.stamp, again?.stamp);
    assert.equal(await source.digest(fragment, "a.nc"), sha256Hex(new TextEncoder().encode("one")));
    write(fragment, "a.nc", "other");
    const [after] = await source.list(fragment);
    assert.notEqual(before?.stamp, after?.stamp);
    assert.equal(await source.digest(fragment, "a.nc"), sha256Hex(new TextEncoder().encode("other")));
  });
}

function testPromoting(withStores: WithStores): void {
  withStores(
    "files come from another store and from bytes, any name",
    async ({ source, destination, write }) => {
      const names = ["execution.log", "a b/ü.tar.gz", "a b/日本", "noextension"];
      for (const name of names) write(fragment, name, `content of ${name}`);
      const files: PromotedFile[] = [];
      for (const path of names)
        files.push({
          path,
          sha256: await source.digest(fragment, path),
          from: { store: source, fragment, linkable: true, synced: false },
        });
      await destination.promote(fragment, [...files, given("manifest.jsonl", "m")], { replace: false });
      assert.deepEqual(
        (await destination.list(fragment)).map(({ path }) => path),
        ["a b/ü.tar.gz", "a b/日本", "execution.log", "manifest.jsonl", "noextension"],
      );
      for (const name of names) assert.equal(await textOf(destination, name), `content of ${name}`);
      assert.equal(await textOf(destination, "manifest.jsonl"), "m");
    },
  );

  withStores("tells how many bytes of each file are in place", async ({ source, destination, write }) => {
    write(fragment, "a.nc", "twelve bytes");
    const stored = { store: source, fragment, linkable: false, synced: false };
    const files = [
      { path: "a.nc", sha256: await source.digest(fragment, "a.nc"), from: stored },
      given("b", "two"),
    ];
    const told = new Map<string, number>();
    const progress = (path: string, done: number) => told.set(path, done);
    await destination.promote(fragment, files, { replace: false, progress });
    assert.deepEqual(Object.fromEntries(told), { "a.nc": 12, b: 3 });
  });

  withStores("one that is ended leaves no fragment, and its reason is told", async ({ destination }) => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    const promoted = destination.promote(fragment, [given("execution.json", "{}")], {
      replace: false,
      signal,
    });
    await assert.rejects(promoted, (error) => error === reason);
    assert.deepEqual(await destination.list(fragment), []);
    assert.deepEqual(await fragmentsOf(destination), []);
  });

  withStores("fragments are those with a definition, in order", async ({ destination }) => {
    for (const each of ["b/1/x", "a/2/y", "a/10/z"])
      await destination.promote(each, [given("execution.json", "{}"), given("sub/execution.json", "{}")], {
        replace: false,
      });
    await destination.promote("a/3/none", [given("execution.log", "")], { replace: false });
    assert.deepEqual(await fragmentsOf(destination), ["a/10/z", "a/2/y", "b/1/x"]);
  });
}

function testReplacing(withStores: WithStores): void {
  withStores("equal content is kept, differing is replaced only when allowed", async ({ destination }) => {
    const first = [given("a", "1"), given("b", "2")];
    await destination.promote(fragment, first, { replace: false });
    const [before] = await destination.list(fragment);
    await destination.promote(fragment, [...first].reverse(), { replace: false });
    const [after] = await destination.list(fragment);
    assert.equal(after?.stamp, before?.stamp);
    for (const other of [[given("a", "1")], [given("a", "1"), given("b", "3")], [...first, given("c", "3")]])
      await assert.rejects(destination.promote(fragment, other, { replace: false }), {
        code: "ARTIFACT_INVALID",
      });
    assert.equal(await textOf(destination, "b"), "2");
    await destination.promote(fragment, [given("b", "3")], { replace: true });
    assert.deepEqual(
      (await destination.list(fragment)).map(({ path }) => path),
      ["b"],
    );
    assert.equal(await textOf(destination, "b"), "3");
  });

  withStores(
    "what was added to a fragment later is its file, and does not make it differ",
    async ({ destination }) => {
      const files = [given("execution.json", "{}"), given("a", "1")];
      await destination.promote(fragment, files, { replace: false });
      const folder = "additions/000001-abababababab";
      await destination.promote(
        `${fragment}/${folder}`,
        [given("note.txt", "n"), given("manifest.jsonl", "m")],
        {
          replace: false,
        },
      );
      const paths = (await destination.list(fragment)).map(({ path }) => path);
      assert.deepEqual(paths, ["a", `${folder}/manifest.jsonl`, `${folder}/note.txt`, "execution.json"]);
      assert.equal(await textOf(destination, `${folder}/note.txt`), "n");
      await destination.promote(fragment, files, { replace: false });
      assert.equal((await destination.list(fragment)).length, 4);
      assert.deepEqual(await fragmentsOf(destination), [fragment]);
    },
  );

  withStores("what remains is listed, with a definition or without", async ({ source, write }) => {
    for (const each of ["b/1/x", "a/2/y"]) write(each, "execution.json", "{}");
    write("a/10/z", "execution.log", "");
    const found: string[] = [];
    for await (const each of source.remains()) found.push(each);
    assert.deepEqual(found, ["a/10/z", "a/2/y", "b/1/x"]);
  });

  withStores("several may put the same fragment in its place at once", async ({ destination }) => {
    const files = Array.from({ length: 20 }, (_, at) => given(`f${at}`, `${at}`));
    const promoted = Array.from({ length: 5 }, () =>
      destination.promote(fragment, files, { replace: false, shared: true }),
    );
    await Promise.all(promoted);
    assert.equal((await destination.list(fragment)).length, 20);
    await assert.rejects(
      destination.promote(fragment, [given("f0", "other")], { replace: false, shared: true }),
      { code: "ARTIFACT_INVALID" },
    );
  });

  withStores("a file is discarded alone, a folder with all that is in it", async ({ destination }) => {
    await destination.promote(fragment, [given("a/1", "1"), given("a/2", "2"), given("b", "3")], {
      replace: false,
    });
    const paths = async () => (await destination.list(fragment)).map(({ path }) => path);
    destination.discard(`${fragment}/a/1`);
    assert.deepEqual(await paths(), ["a/2", "b"]);
    destination.discard(`${fragment}/a/1`);
    destination.discard(`${fragment}/a`);
    assert.deepEqual(await paths(), ["b"]);
    destination.discard(fragment);
    assert.deepEqual(await paths(), []);
  });

  withStores("a fragment removed is gone, others stay", async ({ destination }) => {
    await destination.promote(fragment, [given("execution.json", "{}")], { replace: false });
    await destination.promote("climate/other/1", [given("execution.json", "{}")], { replace: false });
    await destination.remove(fragment);
    assert.deepEqual(await fragmentsOf(destination), ["climate/other/1"]);
  });
}
