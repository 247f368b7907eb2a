import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { frame, readFrames } from "./frames.ts";

const payloads = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 });

test("frames are found in whatever pieces a log is read, also when one holds another", () => {
  fc.assert(
    fc.property(payloads, fc.integer({ min: 1, max: 80 }), fc.boolean(), (each, step, nested) => {
      const frames = each.map((payload) => frame(1, nested ? frame(2, payload) : payload));
      const log = Buffer.concat(frames);
      const read: string[] = [];
      let length = step;
      for (let from = 0; from < log.length; ) {
        const more = log.length - from > length;
        const piece = log.subarray(from, more ? from + length : log.length);
        const { end, damaged } = readFrames(
          piece,
          ({ start, end }) => read.push(piece.toString("hex", start, end)),
          { more },
        );
        assert.equal(damaged, 0);
        from += end;
        length = end === 0 ? length * 2 : step;
      }
      assert.deepEqual(
        read,
        frames.map((bytes) => bytes.toString("hex", 13)),
      );
    }),
  );
});
