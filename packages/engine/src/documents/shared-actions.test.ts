import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { SharedActions } from "../core/steps/shared-actions.ts";
import { parseSharedActions, writeSharedActions } from "./shared-actions.ts";

const digest = (letter: string): string => letter.repeat(64);

/** As the first version that shared products wrote it. */
const oldest = `{"formatVersion":1,"actions":[{"key":"${digest("a")}","step":"p/mesh","own":"${digest("b")}","shape":"${digest("c")}",
"outputs":[{"product":"mesh","codec":"text","digest":"${digest("d")}","bytes":2,"sha256":"${digest("e")}"}],
"ingredients":{"code":"version:1","readings":[["size","value","0.1"]],"requires":[["grid","${digest("f")}"]]},
"provenance":{"at":"2026-01-01T00:00:00.000Z","durationMs":5,"build":"b","reasons":[{"code":"code","changed":["f (a.ts)"]}]}}],
"codes":[{"digest":"${digest("0")}","functions":[],"packages":[{"name":"x","version":"1.0.0"}],"unfollowed":[]}],
"small":{"${digest("e")}":"aGk="}}`;

test("the oldest form is read, with reasons as they are", () => {
  const { actions, codes, small } = parseSharedActions(oldest, "index/1");
  assert.deepEqual(actions[0]?.ingredients.readings, [["size", "value", "0.1"]]);
  assert.deepEqual(actions[0]?.provenance.reasons, [{ code: "code", changed: ["f (a.ts)"] }]);
  assert.equal(codes[0]?.packages[0]?.name, "x");
  assert.equal(new TextDecoder().decode(small.get(digest("e"))), "hi");
});

test("what is written is read again, bytes of any kind and length", () => {
  const { actions, codes } = parseSharedActions(oldest, "index/1");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      const part: SharedActions = { actions, codes, small: new Map([[digest("1"), bytes]]) };
      assert.deepEqual(parseSharedActions(writeSharedActions(part), "index/2"), part);
    }),
    { numRuns: 30 },
  );
});

test("what is none is refused with the place of the problem", () => {
  const refused = (text: string, message: RegExp): void =>
    assert.throws(() => parseSharedActions(text, "index/3"), { code: "DOCUMENT_INVALID", message });
  refused("<html>", /index\/3 is not JSON/);
  refused(oldest.replace('"sha256":"e', '"sha256":"E'), /actions\.0\.outputs\.0\.sha256/);
  refused(oldest.replace('"formatVersion":1', '"formatVersion":2'), /formatVersion/);
  refused(oldest.replace('"aGk="', '"?"'), /small/);
});
