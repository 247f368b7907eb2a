import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { HeaderReader, HeaderResult } from "./header-reader.ts";

/** A reader to be tested and what it can read. */
export interface HeaderReaderCase {
  readonly reader: HeaderReader;
  /** Paths of readable files. */
  readonly good: readonly string[];
  /** Path of a file that is there and cannot be used. */
  readonly bad: string;
  /** Path of nothing. */
  readonly absent: string;
}

/** What every header reader keeps to. */
export function headerReaderContract(name: string, make: () => Promise<HeaderReaderCase>): void {
  const made = make();
  const live = new AbortController().signal;
  const readAll = async (paths: Iterable<string>): Promise<readonly HeaderResult[]> => {
    const results: HeaderResult[] = [];
    for await (const result of (await made).reader.read(paths, live)) results.push(result);
    return results;
  };
  after(async () => (await made).reader.close());

  test(`${name}: one result for each path`, async () => {
    const { good, bad, absent } = await made;
    const paths = [...good, bad, absent];
    const results = await readAll(paths);
    assert.deepEqual(results.map(({ path }) => path).sort(), [...paths].sort());
    assert.deepEqual(
      results
        .filter(({ ok }) => ok)
        .map(({ path }) => path)
        .sort(),
      [...good].sort(),
    );
  });

  test(`${name}: nothing asked, nothing answered`, async () => {
    assert.deepEqual(await readAll([]), []);
  });

  test(`${name}: a bad file is invalid with a reason`, async () => {
    const [result] = await readAll([(await made).bad]);
    assert.ok(result?.ok === false);
    assert.equal(result.code, "FILE_INVALID");
    assert.notEqual(result.reason, "");
  });

  test(`${name}: a vanished file is unreadable`, async () => {
    const [result] = await readAll([(await made).absent]);
    assert.ok(result?.ok === false);
    assert.equal(result.code, "FILE_UNREADABLE");
    assert.match(result.reason, /vanished/);
  });

  test(`${name}: an aborted reading is interrupted`, async () => {
    const { reader, good } = await made;
    const controller = new AbortController();
    const seen: HeaderResult[] = [];
    const reading = async (): Promise<void> => {
      for await (const result of reader.read(good, controller.signal)) {
        seen.push(result);
        controller.abort();
      }
    };
    await assert.rejects(reading, { code: "INTERRUPTED" });
    assert.ok(seen.length < good.length);
  });

  test(`${name}: reads again after an interruption, an early end and a close`, async () => {
    const { reader, good } = await made;
    for await (const _ of reader.read(good, live)) break;
    assert.equal((await readAll(good)).length, good.length);
    await reader.close();
    assert.equal((await readAll(good)).length, good.length);
  });
}
