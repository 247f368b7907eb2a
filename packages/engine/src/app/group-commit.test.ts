import assert from "node:assert/strict";
import { test } from "node:test";
import { AlmanacError } from "../core/errors.ts";
import { groupCommit } from "./group-commit.ts";

const now = { canWait: false } as const;
const soon = { canWait: true } as const;

/** A store of numbers that refuses odd ones, and all of a transaction with them. */
function evenNumbers() {
  const transactions: (readonly number[])[] = [];
  const queue = groupCommit<number>(async (numbers) => {
    await new Promise((resolve) => setImmediate(resolve));
    const odd = numbers.find((number) => number % 2 !== 0);
    if (odd !== undefined) throw new AlmanacError("CONFLICT", `${odd} is odd`);
    transactions.push(numbers);
  });
  return { transactions, queue };
}

test("changes of one turn share a transaction, in the order given; later ones the next", async () => {
  const { transactions, queue } = evenNumbers();
  const first = [queue.push([2, 4], now), queue.push([6], now)];
  await Promise.all(first);
  await Promise.all([queue.push([8], now), queue.push([10], soon)]);
  assert.deepEqual(transactions, [
    [2, 4, 6],
    [8, 10],
  ]);
});

test("what comes while a transaction is written shares the next", async () => {
  const { transactions, queue } = evenNumbers();
  const first = queue.push([2], now);
  await new Promise((resolve) => setImmediate(resolve));
  const others = [queue.push([4], soon), queue.push([6], soon)];
  await Promise.all([first, ...others]);
  assert.deepEqual(transactions, [[2], [4, 6]]);
});

test("what can wait is written without anything else coming, and goes with what cannot", async () => {
  const { transactions, queue } = evenNumbers();
  await queue.push([2], soon);
  await queue.push([4], soon);
  await Promise.all([queue.push([6], soon), queue.push([8], now)]);
  assert.deepEqual(transactions, [[2], [4], [6, 8]]);
});

test("who cannot be written fails alone, with all that was given together", async () => {
  const { transactions, queue } = evenNumbers();
  const ends = await Promise.allSettled([
    queue.push([2], now),
    queue.push([4, 5], now),
    queue.push([6], now),
  ]);
  assert.deepEqual(
    ends.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.deepEqual(transactions, [[2], [6]]);
});

test("a catalog that cannot be written is tried once, and everybody is told", async () => {
  let tried = 0;
  const meanwhile: Promise<void>[] = [];
  const queue = groupCommit<number>(async () => {
    tried += 1;
    meanwhile.push(queue.push([3], now), queue.push([4], soon));
    await new Promise((resolve) => setImmediate(resolve));
    throw new AlmanacError("CATALOG_LOCKED", "locked");
  });
  const ends = await Promise.allSettled([queue.push([1], now), queue.push([2], now)]);
  ends.push(...(await Promise.allSettled(meanwhile)));
  assert.deepEqual(
    ends.map(({ status }) => status),
    Array<string>(4).fill("rejected"),
  );
  assert.equal(tried, 1, "those who came meanwhile have waited too");
});
