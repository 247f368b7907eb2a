import assert from "node:assert/strict";
import { test } from "node:test";
import { Defect } from "../core/errors.ts";
import { EventQueue } from "./event-queue.ts";

test("events pushed before, while and after somebody waits come in order, up to the end", async () => {
  const queue = new EventQueue<number>();
  queue.push(1);
  queue.push(2);
  const seen: number[] = [];
  const consumer = (async () => {
    for await (const event of queue) {
      seen.push(event);
      if (event === 2) queue.push(3);
    }
  })();
  await new Promise((resolve) => setImmediate(resolve));
  queue.push(4);
  queue.end();
  queue.push(5);
  await consumer;
  assert.deepEqual(seen, [1, 2, 3, 4]);
});

test("there is one consumer", async () => {
  const queue = new EventQueue<number>();
  queue.end();
  for await (const _ of queue) assert.fail();
  await assert.rejects(async () => {
    for await (const _ of queue) assert.fail();
  }, Defect);
});
