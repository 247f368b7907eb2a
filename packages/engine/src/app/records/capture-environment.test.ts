import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { machineSource } from "../../adapters/machine/environment-source.ts";
import { keyShapes } from "../../core/records/key-shapes.harness.ts";
import { captureEnvironment, captureLockFiles } from "./capture-environment.ts";

test("environment and lock files: nothing of the environment but the allow-list, no key of any shape", async (context) => {
  const projectFolder = realpathSync(mkdtempSync(path.join(tmpdir(), "almanac-capture-")));
  context.after(() => rmSync(projectFolder, { recursive: true }));
  const shapes = Object.entries(keyShapes());
  const keys = Object.fromEntries(shapes.map(([, key], at) => [`PLAIN_${at}`, key]));
  const lock = `"jsonwebtoken": "9.0.2"\n"resolved": "https://me:hunter22@mirror.example/a.tgz"\nx s3same-open-1\n`;
  writeFileSync(path.join(projectFolder, "package-lock.json"), lock);
  const environment = { ...keys, TZ: "UTC", LANG: shapes[0]?.[1], MY_TOKEN: "s3same-open-1", SITE: "here" };
  const ports = {
    source: machineSource({ environment }),
    environment,
    allow: ["SITE"],
    almanac: "1.2.3",
    projectFolder,
  };
  const file = path.join(projectFolder, "train.ts");
  for (const code of [file, undefined]) {
    const document = await captureEnvironment(code, ports);
    const { variables, withheld, lockFiles, almanac } = JSON.parse(document.text);
    assert.deepEqual([variables, withheld, almanac], [{ SITE: "here", TZ: "UTC" }, ["LANG"], "1.2.3"]);
    const sha256 = createHash("sha256").update(lock).digest("hex");
    assert.deepEqual(lockFiles, [{ path: "package-lock.json", sizeBytes: lock.length, sha256 }]);
    for (const [, key] of shapes) assert.ok(!document.text.includes(JSON.stringify(key).slice(1, -1)));
    const [stored] = await captureLockFiles(code, ports);
    assert.equal(stored?.path, "lock-files/package-lock.json");
    assert.ok(stored?.description.includes(sha256) && stored.description.includes("taken out"));
    assert.match(stored?.text ?? "", /"jsonwebtoken": "9\.0\.2"\n"resolved": "https:\/\/me:\[redacted\]@/);
    assert.doesNotMatch(stored?.text ?? "", /hunter22|s3same/);
  }
});
