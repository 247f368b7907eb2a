import type { HeaderResult } from "../../ports/header-reader.ts";
import type { HeaderReply, HeaderRequest } from "./protocol.ts";

// A library that failed in the middle of a file may keep handles of it; a new process has none.
const failuresPerProcess = 200;

/**
 * The life of a worker process: reads what the pool asks for until the pool is gone. Ctrl-C is left to the pool, which
 * gets it too.
 * @param read header of one file; does not throw
 */
export function serveHeaders(read: (path: string) => HeaderResult): void {
  let failures = 0;
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.exit());
  process.on("message", ({ paths }: HeaderRequest) => {
    const results = paths.map(read);
    failures += results.filter((result) => !result.ok).length;
    const reply: HeaderReply = { results, last: failures >= failuresPerProcess };
    process.send?.(reply);
  });
}
