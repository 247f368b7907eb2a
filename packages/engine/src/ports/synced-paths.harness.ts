import { readlinkSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { TestContext } from "node:test";

/**
 * Paths that are brought to disk through file handles from now until the end of the test, in order; what happens is done
 * as well.
 */
export async function recordSyncs(t: TestContext): Promise<readonly string[]> {
  const found: string[] = [];
  await using handle = await open("/dev/null", "r");
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  const { sync } = prototype;
  t.mock.method(prototype, "sync", function recorded(this: FileHandle): Promise<void> {
    found.push(readlinkSync(`/proc/self/fd/${this.fd}`));
    return sync.call(this);
  });
  return found;
}
