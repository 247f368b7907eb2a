import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { type DurablePoint, unobserved } from "../../ports/durable.ts";
import { testFragmentStore } from "../../ports/fragment-store.contract.ts";
import type { FragmentStore, PromotedFile } from "../../ports/fragment-store.ts";
import { openFragmentStore } from "./fragment-store.ts";

const fragment = "p/d/s/1/2";

function temporary(): string {
  return mkdtempSync(join(tmpdir(), "almanac-store-"));
}

function writeFile(store: FragmentStore, path: string, text: string): string {
  const file = join(store.folder(fragment), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

testFragmentStore("folder", async () => {
  const root = temporary();
  const source = openFragmentStore(join(root, "scratch"), unobserved);
  return {
    source,
    destination: openFragmentStore(join(root, "results"), unobserved),
    write: (inFragment, path, text) => {
      const file = join(source.folder(inFragment), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    close: async () => rmSync(root, { recursive: true, force: true }),
  };
});

/** More than is copied in one go. */
const large = 20 * 1024 * 1024;

test("a copy that is ended leaves nothing torn, and what was whole is not copied again", async (t) => {
  const { scratch, results, from } = stores(t);
  writeFile(scratch, "a.bin", "a".repeat(large));
  writeFile(scratch, "b.bin", "b".repeat(5 * large));
  const files = [await from("a.bin", false), await from("b.bin", false)];
  const building = join(dirname(results.folder(fragment)), `.promoting-${basename(fragment)}`);
  const cancel = new AbortController();
  const reason = new Error("enough");
  let wholeTold = 0;
  const progress = (path: string, done: number): void => {
    // Told when its last byte is copied, and again when it is on disk.
    if (path === "a.bin" && done === large) wholeTold += 1;
    if (wholeTold === 2) cancel.abort(reason);
  };
  const ended = results.promote(fragment, files, { replace: false, progress, signal: cancel.signal });
  await assert.rejects(ended, (error) => error === reason);
  assert.deepEqual(await results.list(fragment), []);
  const whole = readdirSync(building);
  assert.deepEqual(whole, ["a.bin"]);
  const before = whole.map((name) => statSync(join(building, name)).ino);
  await results.promote(fragment, files, { replace: false });
  for (const name of ["a.bin", "b.bin"])
    assert.equal(await results.digest(fragment, name), await scratch.digest(fragment, name));
  const after = whole.map((name) => statSync(join(results.folder(fragment), name)).ino);
  assert.deepEqual(after, before);
  assert.equal(existsSync(building), false);
});

test("what an earlier promotion left is used only if it is whole and right", async (t) => {
  const { scratch, results, from } = stores(t);
  const names = ["cut.bin", "other.bin", "writable.bin", "stray.bin", "right.bin"];
  for (const name of names) writeFile(scratch, name, name.repeat(Math.ceil(large / name.length)));
  const building = join(dirname(results.folder(fragment)), `.promoting-${basename(fragment)}`);
  mkdirSync(building, { recursive: true });
  const left = (name: string, bytes: Buffer, mode = 0o444): number => {
    writeFileSync(join(building, name), bytes, { mode });
    return statSync(join(building, name)).ino;
  };
  const content = (name: string): Buffer => readFileSync(join(scratch.folder(fragment), name));
  left("cut.bin", content("cut.bin").subarray(0, 9 * 1024 * 1024));
  left("other.bin", content("other.bin").fill(7, 5, 6));
  left("writable.bin", content("writable.bin"), 0o644);
  left("gone.bin", content("stray.bin"));
  const kept = left("right.bin", content("right.bin"));
  const files = await Promise.all(names.map((name) => from(name, false)));
  await results.promote(fragment, files, { replace: false });
  assert.deepEqual(
    (await results.list(fragment)).map(({ path }) => path),
    names.toSorted(),
  );
  for (const name of names)
    assert.equal(await results.digest(fragment, name), await scratch.digest(fragment, name), name);
  assert.equal(statSync(join(results.folder(fragment), "right.bin")).ino, kept);
});

test("a large file that is not what it was is not copied", async (t) => {
  const { scratch, results, from } = stores(t);
  const file = writeFile(scratch, "a.bin", "a".repeat(large));
  const promoted = await from("a.bin", false);
  writeFileSync(file, "b".repeat(large));
  const copy = results.promote(fragment, [promoted], { replace: false });
  await assert.rejects(copy, {
    code: "ARTIFACT_INVALID",
    message: /changed while it was copied: sha256 .*, not /,
  });
  assert.deepEqual(await results.list(fragment), []);
});

function stores(t: TestContext, observer = unobserved) {
  const root = temporary();
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const scratch = openFragmentStore(join(root, "scratch"), unobserved);
  const results = openFragmentStore(join(root, "results"), observer);
  const from = async (path: string, linkable = true): Promise<PromotedFile> => ({
    path,
    sha256: await scratch.digest(fragment, path),
    from: { store: scratch, fragment, linkable, synced: true },
  });
  return { root, scratch, results, from };
}

test("a file is linked where that is safe, else copied; what is published is read-only", async (t) => {
  const { root, scratch, results, from } = stores(t);
  const inode = (store: FragmentStore, path: string) => statSync(join(store.folder(fragment), path)).ino;
  writeFile(scratch, "linked.nc", "1");
  writeFile(scratch, "theirs.nc", "2");
  const shared = writeFile(scratch, "shared.nc", "3");
  linkSync(shared, join(root, "second name"));
  writeFileSync(join(root, "elsewhere"), "4");
  symlinkSync(join(root, "elsewhere"), join(scratch.folder(fragment), "symbolic.nc"));
  const secret = writeFile(scratch, "private.nc", "5");
  chmodSync(secret, 0o600);
  const files = await Promise.all(
    ["linked.nc", "shared.nc", "symbolic.nc", "private.nc"].map((path) => from(path)),
  );
  await results.promote(fragment, [...files, await from("theirs.nc", false)], { replace: false });
  assert.equal(inode(results, "linked.nc"), inode(scratch, "linked.nc"));
  for (const path of ["theirs.nc", "shared.nc", "symbolic.nc"])
    assert.notEqual(inode(results, path), inode(scratch, path), path);
  for (const { path } of await results.list(fragment))
    assert.equal(statSync(join(results.folder(fragment), path)).mode & 0o777, 0o444, path);
  writeFileSync(join(root, "elsewhere"), "changed");
  assert.equal(readFileSync(join(results.folder(fragment), "symbolic.nc"), "utf8"), "4");
});

test("a link that leaves the fragment is said to; folders behind links are not followed", async (t) => {
  const { root, scratch } = stores(t);
  writeFile(scratch, "a.nc", "1");
  mkdirSync(join(root, "outside"));
  writeFileSync(join(root, "outside", "x.nc"), "x");
  symlinkSync(join(root, "outside", "x.nc"), join(scratch.folder(fragment), "out.nc"));
  symlinkSync("a.nc", join(scratch.folder(fragment), "in.nc"));
  symlinkSync(join(root, "outside"), join(scratch.folder(fragment), "folder"));
  symlinkSync("nowhere", join(scratch.folder(fragment), "dangling"));
  assert.deepEqual(
    (await scratch.list(fragment)).map(({ path, outside }) => [path, outside]),
    [
      ["a.nc", false],
      ["in.nc", false],
      ["out.nc", true],
    ],
  );
});

test("whatever is killed before the rename, the next promotion starts clean and leaves nothing beside it", async (t) => {
  const points: readonly DurablePoint[] = ["results.copy", "results.manifest", "results.promote"];
  for (const point of points)
    for (const when of ["before", "after"] as const) {
      let armed = true;
      const fail = (moment: "before" | "after") => (reached: DurablePoint) => {
        if (armed && reached === point && moment === when) throw new Error("killed");
      };
      const { scratch, results, from } = stores(t, { before: fail("before"), after: fail("after") });
      writeFile(scratch, "a.nc", "1");
      writeFile(scratch, "manifest.jsonl", "m");
      const files = [await from("a.nc"), await from("manifest.jsonl")];
      await assert.rejects(results.promote(fragment, files, { replace: false }), /killed/);
      const finished = point === "results.promote" && when === "after";
      assert.equal(existsSync(results.folder(fragment)), finished, `${when} ${point}`);
      armed = false;
      await results.promote(fragment, files, { replace: false });
      assert.deepEqual(readdirSync(results.folder(fragment)).sort(), ["a.nc", "manifest.jsonl"]);
      assert.deepEqual(readdirSync(dirname(results.folder(fragment))), ["2"]);
    }
});

test("what a killed removal has left is listed by the fragment's name, and removing again removes it", async (t) => {
  const { root, scratch } = stores(t);
  writeFile(scratch, "execution.json", "{}");
  writeFile(scratch, "sub/a.nc", "1");
  const folder = scratch.folder(fragment);
  renameSync(folder, join(dirname(folder), `.removing-${basename(folder)}`));
  const remains = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const each of scratch.remains()) found.push(each);
    return found;
  };
  assert.deepEqual(await remains(), [fragment]);
  await scratch.remove(fragment);
  assert.deepEqual(await remains(), []);
  assert.deepEqual(readdirSync(join(root, "scratch")), []);
});

test("many removals at once are as one: what cannot be removed is told, the rest goes", async (t) => {
  const { root, scratch } = stores(t);
  const fragments = Array.from({ length: 40 }, (_, at) => `p/d/s${at}/${at}`);
  for (const each of fragments) {
    mkdirSync(join(scratch.folder(each), "sub"), { recursive: true });
    writeFileSync(join(scratch.folder(each), "sub", "a.nc"), "1");
  }
  await Promise.all(fragments.map((each) => scratch.remove(each)));
  assert.deepEqual(readdirSync(join(root, "scratch")), []);
  writeFileSync(join(root, "scratch", "file"), "in the way");
  await Promise.all([
    assert.rejects(scratch.remove("file/1"), { code: "STORE_UNAVAILABLE" }),
    scratch.remove("absent/1"),
  ]);
});

test("results that cannot be written are a store that is unavailable", async (t) => {
  const { root, scratch, from } = stores(t);
  writeFile(scratch, "a.nc", "1");
  writeFileSync(join(root, "file"), "in the way");
  const blocked = openFragmentStore(join(root, "file"), unobserved);
  await assert.rejects(blocked.promote(fragment, [await from("a.nc")], { replace: false }), {
    code: "STORE_UNAVAILABLE",
  });
});

test("a root behind a link is the folder it leads to", async (t) => {
  const { root, scratch } = stores(t);
  mkdirSync(join(root, "scratch"), { recursive: true });
  symlinkSync(join(root, "scratch"), join(root, "alias"));
  assert.equal(openFragmentStore(join(root, "alias"), unobserved).folder("x"), scratch.folder("x"));
});
