import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import { recordOf, testProductStore } from "../../ports/product-store.contract.ts";
import type { OpenProductStore } from "../../ports/product-store.ts";
import { createBlobFolder } from "../blob-folder/blob-folder.ts";
import { createMemoryBlobs } from "../memory/blob-store.ts";
import { createMemoryProducts } from "../memory/product-store.ts";
import { createProductFolder } from "../product-folder/product-folder.ts";
import { type SharingOptions, shareProducts } from "./shared-products.ts";

const owners = { identify: () => undefined, isAlive: () => true };

testProductStore("shared, in memory alone", () => ({
  store: shareProducts(createMemoryProducts(), createMemoryBlobs()),
  close: () => {},
}));

testProductStore("shared, in folders", () => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-shared-"));
  mkdirSync(join(folder, "team"));
  const own = createProductFolder(join(folder, "own"), { owners });
  return {
    store: shareProducts(own, createBlobFolder(join(folder, "team"))),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
});

const step = "pipe/mesh";
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Two people with folders of their own, and a store between them. */
class Team {
  readonly folder: string;
  readonly blobs: BlobStore;

  constructor(t: TestContext, blobs?: BlobStore) {
    this.folder = mkdtempSync(join(tmpdir(), "almanac-team-"));
    t.after(() => rmSync(this.folder, { recursive: true, force: true }));
    mkdirSync(join(this.folder, "team"));
    this.blobs = blobs ?? createBlobFolder(join(this.folder, "team"));
  }

  async open(name: string, options: SharingOptions = {}): Promise<OpenProductStore> {
    const own = createProductFolder(join(this.folder, name), { owners });
    return shareProducts(own, this.blobs, options).open();
  }

  /** Files of the shared store below a folder of it. */
  files(below: string): readonly string[] {
    const top = join(this.folder, "team", below);
    return readdirSync(top, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
  }
}

/** Makes a product in a store and leaves it to others. */
async function make(open: OpenProductStore, x: string, text: string, codec = "text") {
  const output = await open.put({ product: "mesh", codec, encoded: { bytes: bytesOf(text) } });
  const record = recordOf(x, [output]);
  open.record(record);
  await open.flush();
  assert.deepEqual(await open.shared?.leave("pipe", [record.key]), []);
  return record;
}

const large = "many words ".repeat(1000);

describe("shared products", () => {
  for (const text of ["small", large])
    test(`what one made (${text.length} bytes) the other has: action, code, shapes and bytes`, async (t) => {
      const team = new Team(t);
      const ann = await team.open("ann");
      ann.note({ kind: "code", facts: { digest: "version:1", functions: [], packages: [], unfollowed: [] } });
      const record = await make(ann, "1", text);
      await ann.close();
      const bob = await team.open("bob");
      assert.equal(bob.history.action(record.key), undefined, "nobody has looked yet");
      assert.deepEqual(await bob.shared?.look("pipe"), []);
      const action = bob.history.action(record.key);
      assert.ok(action !== undefined);
      assert.deepEqual(bob.history.record(action).provenance, record.provenance);
      assert.deepEqual(bob.history.shapes(step), [[["x", "value"]]]);
      assert.deepEqual(
        bob.history.withOwn(step, record.own).map(({ key }) => key),
        [record.key],
      );
      assert.notEqual(bob.history.code("version:1"), undefined);
      assert.equal(bob.history.current(step), undefined, "names are everybody's own");
      const [output] = action.outputs;
      assert.ok(output !== undefined);
      assert.deepEqual([bob.history.holds(output), bob.shared?.isHere(output)], [true, false]);
      await bob.shared?.fetch(output);
      await bob.close();
      // From now on without the others.
      const alone = await createProductFolder(join(team.folder, "bob"), { owners }).open();
      const [own] = alone.history.action(record.key)?.outputs ?? [];
      assert.ok(own !== undefined);
      assert.equal(textOf(await alone.bytes(own)), text);
      await alone.close();
    });

  test("files of a product come along, in pieces, and an adopted action stays known without its bytes", async (t) => {
    const team = new Team(t);
    const ann = await team.open("ann");
    const file = join(team.folder, "large.bin");
    writeFileSync(file, Buffer.alloc(9 * 1024 * 1024, "0123456789"));
    const files = [{ path: "a/large.bin", from: file }];
    const output = await ann.put({
      product: "mesh",
      codec: "file",
      encoded: { bytes: bytesOf("{}"), files },
    });
    const record = recordOf("1", [output]);
    ann.record(record);
    await ann.shared?.leave("pipe", [record.key]);
    await ann.close();
    const bob = await team.open("bob");
    await bob.shared?.look("pipe");
    const found = bob.history.action(record.key);
    assert.ok(found !== undefined);
    const adopted = bob.shared?.adopt(found);
    assert.ok(adopted?.outputs[0] !== undefined && adopted.ordinal >= 0);
    assert.equal(bob.shared?.isHere(adopted.outputs[0]), false);
    await bob.shared?.fetch(adopted.outputs[0]);
    const [own] = bob.history.action(record.key)?.outputs ?? [];
    assert.ok(own !== undefined);
    assert.ok(readFileSync(bob.file(own, "a/large.bin")).equals(readFileSync(file)));
    await bob.close();
  });

  test("nothing is left twice, nor by who only reads; what was made anew and differs takes the old one's place", async (t) => {
    const team = new Team(t);
    const ann = await team.open("ann");
    const record = await make(ann, "1", "first");
    await ann.shared?.leave("pipe", [record.key]);
    assert.equal(team.files("index").length, 1);
    const reader = await team.open("reader", { readOnly: true });
    await make(reader, "2", "second");
    assert.equal(team.files("index").length, 1);
    const again = await ann.put({ product: "mesh", codec: "text", encoded: { bytes: bytesOf("corrected") } });
    const { provenance } = record;
    ann.record({
      ...record,
      outputs: [again],
      provenance: { ...provenance, at: "2026-02-01T00:00:00.000Z" },
    });
    await ann.shared?.leave("pipe", [record.key]);
    assert.equal(team.files("index").length, 2);
    const bob = await team.open("bob");
    await bob.shared?.look("pipe");
    const [output] = bob.history.action(record.key)?.outputs ?? [];
    assert.equal(output?.digest, again.digest);
    for (const open of [ann, reader, bob]) await open.close();
  });

  test("a step that was invalidated here is not taken from others until it has run", async (t) => {
    const team = new Team(t);
    const ann = await team.open("ann");
    const record = await make(ann, "1", "x");
    ann.note({ kind: "invalidated", step, at: "2026-01-02", message: "by hand" });
    await ann.shared?.look("pipe");
    assert.equal(ann.history.action(record.key), undefined);
    assert.deepEqual(ann.history.shapes(step), []);
    ann.record(record);
    assert.equal(ann.history.action(record.key)?.key, record.key);
    await ann.close();
  });

  test("bytes that were altered, cut or removed there are never handed out", async (t) => {
    for (const spoil of [
      (path: string) => appendFileSync(path, "x"),
      (path: string) => writeFileSync(path, large.replace("many", "MANY")),
      (path: string) => rmSync(path),
    ]) {
      const team = new Team(t);
      const ann = await team.open("ann");
      const record = await make(ann, "1", large);
      for (const path of team.files("blobs")) spoil(path);
      const bob = await team.open("bob");
      await bob.shared?.look("pipe");
      const [output] = bob.history.action(record.key)?.outputs ?? [];
      assert.ok(output !== undefined);
      await assert.rejects(async () => bob.shared?.fetch(output), { code: "PRODUCT_DAMAGED" });
      assert.equal(bob.shared?.isHere(output), false);
      await ann.close();
      await bob.close();
    }
  });

  test("parts of the index that were altered, or are of a newer form, are told and not used", async (t) => {
    const team = new Team(t);
    const ann = await team.open("ann");
    const record = await make(ann, "1", "x");
    const [part = ""] = team.files("index");
    const text = readFileSync(part, "utf8");
    writeFileSync(part, text.replace('"mesh"', '"mush"'));
    const bob = await team.open("bob");
    assert.match((await bob.shared?.look("pipe"))?.join() ?? "", /index\/.* was altered and is not used/);
    assert.equal(bob.history.action(record.key), undefined);
    assert.deepEqual(await bob.shared?.look("pipe"), [], "told once");
    const newer = bytesOf(text.replace('"formatVersion":1', '"formatVersion":2'));
    const { sha256Hex } = await import("../../core/identity/digest.ts");
    rmSync(part);
    await team.blobs.put(
      `${part.slice(part.indexOf("index/"), -64)}${sha256Hex(newer)}`,
      { bytes: newer },
      sha256Hex(newer),
    );
    assert.match((await bob.shared?.look("pipe"))?.join() ?? "", /not valid.*newer version of Almanac/);
    assert.equal(bob.history.action(record.key), undefined);
    await ann.close();
    await bob.close();
  });

  test("an action under a key that is not its own is not believed", async (t) => {
    const team = new Team(t);
    const ann = await team.open("ann");
    const record = await make(ann, "1", "x");
    const [part = ""] = team.files("index");
    const other = recordOf("2", []);
    const forged = bytesOf(readFileSync(part, "utf8").replaceAll(record.key, other.key));
    const { sha256Hex } = await import("../../core/identity/digest.ts");
    await team.blobs.put(
      `${part.slice(part.indexOf("index/"), -64)}${sha256Hex(forged)}`,
      { bytes: forged },
      sha256Hex(forged),
    );
    const bob = await team.open("bob");
    await bob.shared?.look("pipe");
    assert.equal(bob.history.action(other.key), undefined);
    assert.notEqual(bob.history.action(record.key), undefined);
    await ann.close();
    await bob.close();
  });

  test("a store that cannot be reached is a remark, and an error where it is required", async (t) => {
    const gone = (): never => {
      throw new AlmanacError("STORE_UNAVAILABLE", "the network is down");
    };
    const down: BlobStore = {
      place: "far away",
      put: async () => gone(),
      get: async () => gone(),
      range: async () => gone(),
      list: () => gone(),
      delete: async () => gone(),
    };
    const team = new Team(t, down);
    const open = await team.open("ann");
    const remarks = await open.shared?.look("pipe");
    assert.deepEqual(remarks, ["shared products: the network is down; what is missing is made here"]);
    const output = await open.put({ product: "mesh", codec: "text", encoded: { bytes: bytesOf("x") } });
    open.record(recordOf("1", [output]));
    assert.deepEqual(await open.shared?.leave("pipe", [recordOf("1", [output]).key]), []);
    await open.close();
    const strict = await team.open("bob", { required: true });
    await assert.rejects(
      async () => strict.shared?.look("pipe"),
      (error) => isAlmanacError(error, "STORE_UNAVAILABLE"),
    );
    await strict.close();
  });

  test("one that breaks down while bytes are fetched has nothing from then on", async (t) => {
    const memory = createMemoryBlobs();
    let isUp = true;
    const get: BlobStore["get"] = (name) => {
      if (!isUp) throw new AlmanacError("STORE_UNAVAILABLE", "the network is down");
      return memory.get(name);
    };
    const team = new Team(t, { ...memory, get });
    const ann = await team.open("ann");
    const record = await make(ann, "1", large);
    const bob = await team.open("bob");
    await bob.shared?.look("pipe");
    const [output] = bob.history.action(record.key)?.outputs ?? [];
    assert.ok(output !== undefined);
    isUp = false;
    await assert.rejects(async () => bob.shared?.fetch(output), { code: "PRODUCT_DAMAGED" });
    assert.equal(bob.history.holds(output), false);
    assert.equal(bob.history.action(record.key), undefined);
    isUp = true;
    await bob.shared?.look("pipe");
    assert.equal(bob.history.holds(output), true);
    await ann.close();
    await bob.close();
  });
});
