import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Rid } from "../../core/identity/rid.ts";
import type { DurablePoint } from "../../ports/durable.ts";
import {
  pathToPublished,
  sampleDecision,
  sampleExecution,
  transitionsAlong,
} from "../../ports/sample-records.contract.ts";
import { openCatalog } from "./open.ts";
import { releasedMigrations } from "./released-migrations.ts";

let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "almanac-processes-"));
  file = join(folder, "catalog.db");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modules = {
  open: new URL("./open.ts", import.meta.url).href,
  samples: new URL("../../ports/sample-records.contract.ts", import.meta.url).href,
};

/** Starts a process that runs `body` with `openCatalog`, the samples and the catalog's `file` in scope. */
function start(body: string, options: { readonly uid?: number } = {}): ChildProcess {
  const code = `
    import { openCatalog } from ${JSON.stringify(modules.open)};
    import * as samples from ${JSON.stringify(modules.samples)};
    const file = ${JSON.stringify(file)};
    ${body}`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
}

async function finish(child: ChildProcess): Promise<{ readonly output: string; readonly signal: unknown }> {
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout as NonNullable<ChildProcess["stdout"]>),
    text(child.stderr as NonNullable<ChildProcess["stderr"]>),
    once(child, "close"),
  ]);
  assert.equal(code === 0 || signal === "SIGKILL", true, errors);
  return { output, signal };
}

function integrity(): unknown {
  const database = new DatabaseSync(file);
  const [row] = database.prepare("pragma integrity_check").all();
  const foreign = database.prepare("pragma foreign_key_check").all();
  database.close();
  return [row?.["integrity_check"], foreign.length];
}

describe("several processes on one catalog", () => {
  test("two that create it at once make one catalog", async () => {
    const body = `const catalog = await openCatalog({ file, create: true });
      console.log((await catalog.admin.status()).version); await catalog.close();`;
    const ends = await Promise.all([start(body), start(body)].map(finish));
    const newest = releasedMigrations.at(-1)?.name;
    assert.deepEqual(
      ends.map(({ output }) => output.trim()),
      [newest, newest],
    );
  });

  test("two that record the same groups at once record each once, with RIDs of their own", async () => {
    await (await openCatalog({ file, create: true })).close();
    const body = `const catalog = await openCatalog({ file });
      for (let n = 0; n < 40; n += 1)
        for (const { rid, group } of await catalog.executions.record(
          [samples.sampleExecution(samples.sampleDecision(String(n)))], samples.sampleOwner))
          console.log(rid, group.rid);
      await catalog.close();`;
    const ends = await Promise.all([start(body), start(body)].map(finish));
    const lines = ends.flatMap(({ output }) => output.trim().split(/\s+/).filter(Boolean));
    assert.equal(lines.length, 80);
    assert.equal(new Set(lines).size, 80);
    const catalog = await openCatalog({ file });
    assert.equal((await catalog.executions.groups({})).total, 40);
    assert.equal((await catalog.executions.list({})).total, 40);
    await catalog.close();
  });

  test("what a process that was killed was writing is wholly there or not at all", async () => {
    const points: readonly DurablePoint[] = ["catalog.record", "catalog.transition", "catalog.publish"];
    for (const point of points)
      for (const moment of ["before", "after"] as const) {
        rmSync(file, { force: true });
        await (await openCatalog({ file, create: true })).close();
        const { signal } = await finish(start(killedAt(point, moment)));
        assert.equal(signal, "SIGKILL");
        assert.deepEqual(integrity(), ["ok", 0]);
        const catalog = await openCatalog({ file });
        const found = {
          executions: (await catalog.executions.list({})).items.map(({ state }) => state),
          values: (await catalog.values.values({ all: true })).total,
        };
        assert.deepEqual(found, expectedAfter(point, moment), `${moment} ${point}`);
        await catalog.close();
      }
  });

  test("a process killed between statements of a batch leaves nothing of it and no lock", async () => {
    await (await openCatalog({ file, create: true })).close();
    const { signal } = await finish(
      start(`const catalog = await openCatalog({ file });
        const good = samples.sampleExecution(samples.sampleDecision("A"));
        const fatal = { ...samples.sampleExecution(samples.sampleDecision("B")),
          define: () => process.kill(process.pid, "SIGKILL") };
        await catalog.executions.record([good, fatal], undefined);`),
    );
    assert.equal(signal, "SIGKILL");
    const catalog = await openCatalog({ file, busyTimeoutMs: 0 });
    assert.equal((await catalog.executions.groups({})).total, 0);
    const [first] = await catalog.executions.record([sampleExecution(sampleDecision("A"))], undefined);
    await catalog.executions.transition(transitionsAlong(first?.rid as Rid, pathToPublished));
    await catalog.close();
  });

  test("a lock that lasts too long is reported with the process that holds it", async () => {
    await (await openCatalog({ file, create: true })).close();
    const holder = start(`import { DatabaseSync } from "node:sqlite";
      globalThis.held = new DatabaseSync(file); held.exec("begin immediate"); console.log("held"); setInterval(() => {}, 1000);`);
    try {
      await once(holder.stdout as NonNullable<ChildProcess["stdout"]>, "data");
      const catalog = await openCatalog({ file, busyTimeoutMs: 20 });
      const expected = process.platform === "linux" ? new RegExp(`process ${holder.pid}`) : /another process/;
      await assert.rejects(catalog.executions.record([], undefined), expected);
      await catalog.close();
    } finally {
      holder.kill("SIGKILL");
      await once(holder, "close");
    }
  });
});

test("a catalog in a folder that may not be written is read, and refuses writes", {
  skip: process.getuid?.() === 0 ? false : "needs root to become somebody else",
}, async () => {
  await (await openCatalog({ file, create: true })).close();
  chmodSync(folder, 0o755);
  chmodSync(file, 0o644);
  const body = `const catalog = await openCatalog({ file });
    console.log((await catalog.executions.list({})).total);
    await catalog.executions.record([], undefined).catch((error) => console.log(error.code, error.message));
    await catalog.close();`;
  const { output } = await finish(start(body, { uid: 65534 }));
  assert.match(output, /^0\nCATALOG_READ_ONLY .*read-only/);
});

/** A life from recording to publication that ends itself at one moment of one durable point. */
function killedAt(point: DurablePoint, moment: "before" | "after"): string {
  return `const observer = { before() {}, after() {}, ${moment}(name) {
      if (name === ${JSON.stringify(point)}) process.kill(process.pid, "SIGKILL"); } };
    const catalog = await openCatalog({ file, observer });
    const [definition] = await catalog.executions.record(
      [samples.sampleExecution(samples.sampleDecision("A"))], samples.sampleOwner);
    const steps = samples.transitionsAlong(definition.rid, samples.pathToPublished);
    await catalog.executions.transition(steps.slice(0, -1));
    const rows = { scalars: [samples.sampleScalar("ecs", 3)], series: [], outputs: [], artifacts: [], warnings: [] };
    await catalog.values.publish({ definition, ...rows }, steps.at(-1));`;
}

function expectedAfter(point: DurablePoint, moment: "before" | "after"): unknown {
  const written = moment === "after";
  if (point === "catalog.record") return { executions: written ? ["created"] : [], values: 0 };
  if (point === "catalog.transition") return { executions: [written ? "publishing" : "created"], values: 0 };
  return { executions: [written ? "published" : "publishing"], values: written ? 1 : 0 };
}
