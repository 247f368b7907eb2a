import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import { unobserved } from "../../ports/durable.ts";
import { openLog } from "./log-file.ts";

test("a full disk is told as such", { skip: !existsSync("/dev/full") && "there is no /dev/full" }, () => {
  const log = openLog("/dev/full", unobserved);
  assert.throws(
    () => log.append(1, Buffer.from("x")),
    (error) => isAlmanacError(error, "DISK_FULL") && /gc --dry-run/.test(error.hint ?? ""),
  );
  log.close();
});
