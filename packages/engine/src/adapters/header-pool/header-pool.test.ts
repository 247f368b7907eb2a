import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { headerReaderContract } from "../../ports/header-reader.contract.ts";
import type { HeaderResult } from "../../ports/header-reader.ts";
import { writeNetcdf } from "../netcdf/writer.ts";
import { HeaderPool } from "./header-pool.ts";

const realProgram = fileURLToPath(new URL("../../entry/header-worker/main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "almanac-header-pool-"));
after(() => rmSync(folder, { recursive: true }));
const live = new AbortController().signal;

headerReaderContract("pool", async () => {
  const good = Array.from({ length: 40 }, (_, index) => join(folder, `good-${index}.nc`));
  for (const path of good) await writeNetcdf(path, { dimensions: {}, variables: [], attributes: {} });
  const bad = join(folder, "bad.nc");
  writeFileSync(bad, "<html>404</html>");
  return { reader: new HeaderPool({ program: realProgram }), good, bad, absent: join(folder, "absent.nc") };
});

/** A worker that does what the path says, and notes its process id. */
const badProgram = join(folder, "worker.mjs");
writeFileSync(
  badProgram,
  `import { appendFileSync } from "node:fs";
  import { serveHeaders } from ${JSON.stringify(new URL("./serve.ts", import.meta.url).href)};
  appendFileSync(${JSON.stringify(join(folder, "pids"))}, process.pid + "\\n");
  serveHeaders((path) => {
    if (path.includes("abort")) process.abort();
    if (path.includes("exit")) process.exit(3);
    while (path.includes("hang"));
    if (path.includes("refuse")) return { ok: false, path, code: "FILE_INVALID", reason: "refused" };
    return { ok: true, path, header: { attributes: {}, variables: {}, verticalLevels: 1 } };
  });`,
);

async function readAll(
  pool: HeaderPool,
  paths: Iterable<string>,
): Promise<ReadonlyMap<string, HeaderResult>> {
  const results = new Map<string, HeaderResult>();
  for await (const result of pool.read(paths, live)) results.set(result.path, result);
  return results;
}

const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `/f${index}.nc`);

/** Long enough for an innocent file on a machine that is busy with other things. */
const fileLimitMs = 5000;

for (const [fault, said] of [
  ["abort", /signal SIGABRT/],
  ["exit", /exit code 3/],
  ["hang", /no answer within 5 s/],
] as const)
  test(`a file that makes a worker ${fault} is invalid, the others are read`, async () => {
    await using pool = disposable(new HeaderPool({ program: badProgram, fileLimitMs }));
    const guilty = [`/${fault}-1.nc`, `/${fault}-2.nc`];
    const paths = names(50).toSpliced(3, 0, ...guilty);
    const results = await readAll(pool.reader, paths);
    assert.equal(results.size, 52);
    const failed = [...results.values()].filter((result) => !result.ok);
    assert.deepEqual(failed.map(({ path }) => path).sort(), guilty);
    for (const result of failed) assert.match(result.reason, said);
  });

test("paths are taken as they can be worked on", async () => {
  await using pool = disposable(new HeaderPool({ program: badProgram, workers: 2 }));
  let taken = 0;
  const paths = (function* (): Generator<string> {
    for (const path of names(1000)) {
      taken += 1;
      yield path;
    }
  })();
  for await (const _ of pool.reader.read(paths, live)) break;
  assert.ok(taken <= 100, `${taken} taken`);
});

test("a worker with many failures is replaced, and no result is lost", async () => {
  rmSync(join(folder, "pids"), { force: true });
  await using pool = disposable(new HeaderPool({ program: badProgram, workers: 1 }));
  const paths = names(500).map((name) => name.replace("/f", "/refuse"));
  assert.equal((await readAll(pool.reader, paths)).size, 500);
  assert.equal(pids().length, 3);
});

test("no worker starts for nothing, and a program that cannot start is a reason", async () => {
  rmSync(join(folder, "pids"), { force: true });
  await using pool = disposable(new HeaderPool({ program: badProgram }));
  assert.equal((await readAll(pool.reader, [])).size, 0);
  assert.equal(existsSync(join(folder, "pids")), false);
  await using broken = disposable(new HeaderPool({ program: join(folder, "no-such.mjs") }));
  const [result] = (await readAll(broken.reader, ["/a.nc"])).values();
  assert.ok(result?.ok === false);
  assert.match(result.reason, /exit code 1/);
});

test("workers end when the process that started them is killed", async () => {
  rmSync(join(folder, "pids"), { force: true });
  const parent = join(folder, "parent.mjs");
  writeFileSync(
    parent,
    `import { HeaderPool } from ${JSON.stringify(new URL("./header-pool.ts", import.meta.url).href)};
    const pool = new HeaderPool({ program: ${JSON.stringify(badProgram)}, workers: 1 });
    for await (const _ of pool.read(["/a.nc"], new AbortController().signal)) process.stdout.write("ready");
    setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [parent], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const [worker = 0] = pids();
  assert.ok(isAlive(worker));
  child.kill("SIGKILL");
  for (let wait = 0; isAlive(worker) && wait < 200; wait += 1) await sleep(25);
  assert.equal(isAlive(worker), false);
});

function disposable(reader: HeaderPool): AsyncDisposable & { readonly reader: HeaderPool } {
  return { reader, [Symbol.asyncDispose]: () => reader.close() };
}

function pids(): readonly number[] {
  return readFileSync(join(folder, "pids"), "utf8").trim().split("\n").map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
