import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { RunReport } from "../../app/records/run-once.ts";
import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { RunContext } from "../../core/execution/run-context.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { DurableObserver } from "../../ports/durable.ts";
import type { Event } from "../../ports/events.ts";
import { composeProject } from "../compose.ts";
import type { Project } from "../project.ts";
import { runModel, startExecution } from "./run.ts";

const never = new AbortController().signal;

/** More than is copied in one go. */
const large = Buffer.alloc(24 * 1024 * 1024, "large file ");

type Told = Extract<Event, { kind: "transfer.progress" }>;

interface Now {
  /** Called with each of them. */
  onCopy: (event: Told) => void;
  /** False: nothing can be written to results. */
  works: boolean;
}

interface Given {
  readonly project: Project;
  readonly large: string;
  /** What is told of copies. */
  readonly told: Told[];
  /** What is told of digests. */
  readonly sealed: Told[];
  readonly now: Now;
  run(model: (execution: RunContext) => unknown, signal?: AbortSignal): Promise<RunReport>;
}

async function given(t: TestContext): Promise<Given> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-publish-"));
  for (const [name, content] of [
    ["almanac.config.json", "{}"],
    ["code.ts", "// code"],
    ["large.bin", large],
  ] as const)
    writeFileSync(join(folder, name), content);
  const told: Told[] = [];
  const sealed: Told[] = [];
  const now: Now = { works: true, onCopy: () => {} };
  const observer: DurableObserver = {
    before: (point) => {
      if (!now.works && point === "results.promote")
        throw new AlmanacError("STORE_UNAVAILABLE", "it is not mounted");
    },
    after: () => {},
  };
  const emit = (event: Event): void => {
    if (event.kind !== "transfer.progress") return;
    if (event.phase === "seal") sealed.push(event);
    if (event.phase !== "copy") return;
    told.push(event);
    now.onCopy(event);
  };
  const project = await composeProject({ cwd: folder, access: "create", emit }, { observer });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...{ project, told, sealed, now, large: join(folder, "large.bin") },
    run: (model, signal = never) =>
      runModel({
        project,
        signal,
        code: join(folder, "code.ts"),
        model: ({ execution }) => model(execution),
      }),
  };
}

async function stateOf({ project }: Given, { rid }: Pick<RunReport, "rid">): Promise<string | undefined> {
  return (await project.catalog.executions.execution(rid))?.state;
}

test("what this very process could not publish it publishes later; every file is accounted for, scratch is cleared", async (t) => {
  const all = await given(t);
  all.now.works = false;
  const report = await all.run(({ outputPath }) => {
    for (const name of ["with space.txt", "two.dots.txt", "noextension"])
      writeFileSync(outputPath(name), name);
  });
  assert.equal(report.state, "publishing");
  const recording = await all.project.recording();
  const options = { rids: [report.rid], retries: 0, signal: never };
  const [still] = await recording.publish(options);
  assert.deepEqual([still?.state, still?.files], ["publishing", undefined]);
  assert.ok(existsSync(all.project.scratch.folder(report.definition.fragment)));
  all.now.works = true;
  const [published] = await (await all.project.recording()).publish({ retries: 0, signal: never });
  assert.deepEqual(
    [published?.rid, published?.from, published?.state],
    [report.rid, "publishing", "published"],
  );
  const registered = ["captured/environment.json", "with space.txt", "two.dots.txt", "noextension"];
  assert.deepEqual(published?.files, { promoted: registered, failed: [] });
  assert.equal(existsSync(all.project.scratch.folder(report.definition.fragment)), false);
  const [again] = await recording.publish(options);
  assert.deepEqual([again?.from, again?.state, again?.files?.failed], ["published", "published", []]);
});

test("a run that goes on in this process is not published by it beside", async (t) => {
  const all = await given(t);
  await using session = await startExecution({
    project: all.project,
    code: join(all.project.folder, "code.ts"),
  });
  const recording = await all.project.recording();
  assert.deepEqual(await recording.publish({ retries: 0, signal: never }), []);
  const [told] = await recording.publish({ rids: [session.execution.rid], retries: 0, signal: never });
  assert.match(told?.reason ?? "", /belongs to a process that works on it/);
  assert.equal((await session.complete()).state, "published");
});

test("copying tells of true bytes, and is ended and gone on with without losing what was whole", async (t) => {
  const all = await given(t);
  const cancel = new AbortController();
  // The first thing told: on a fast disk there is no second before the copy is over.
  all.now.onCopy = () => cancel.abort(new Error("Ctrl-C"));
  let rid = "";
  const run = all.run((execution) => {
    ({ rid } = execution);
    execution.registerFile(all.large, "large.bin", { mode: "link" });
  }, cancel.signal);
  await assert.rejects(run, (error) => {
    assert.ok(isAlmanacError(error, "INTERRUPTED"), String(error));
    assert.equal(error.hint, `almanac publish ${rid}`);
    return true;
  });
  const waiting = { rid } as RunReport;
  assert.equal(await stateOf(all, waiting), "publishing");
  assert.deepEqual(filesBelow(all.project.folder, "results"), []);
  const recording = await all.project.recording();
  const stop = new AbortController();
  all.now.onCopy = () => stop.abort(new Error("again"));
  await assert.rejects(recording.publish({ retries: 3, signal: stop.signal }), (error) =>
    isAlmanacError(error, "INTERRUPTED"),
  );
  assert.equal(await stateOf(all, waiting), "publishing");
  all.told.length = 0;
  all.now.onCopy = () => {};
  const [end] = await recording.publish({ retries: 0, signal: never });
  assert.equal(end?.state, "published");
  const last = all.told.at(-1);
  assert.equal(last?.doneBytes, last?.totalBytes);
  assert.ok((last?.totalBytes ?? 0) > large.length);
  assert.deepEqual(new Set(all.told.map(({ phase, rid: of }) => `${phase} ${of}`)), new Set([`copy ${rid}`]));
  const [stored] = (await all.project.catalog.assets.list({ kind: ["execution-asset"] })).items;
  assert.equal(stored?.sha256, sha256Hex(large));
});

test("several pending runs: what goes wrong with one leaves the others alone", async (t) => {
  const all = await given(t);
  all.now.works = false;
  const reports: RunReport[] = [];
  for (const name of ["a.txt", "b.txt", "c.txt"])
    reports.push(await all.run(({ outputPath }) => writeFileSync(outputPath(name), name)));
  const [first, second, third] = reports;
  const scratch = (report: RunReport | undefined): string =>
    all.project.scratch.folder(report?.definition.fragment ?? "");
  rmSync(join(scratch(second), "b.txt"));
  all.now.works = true;
  const ends = await (await all.project.recording()).publish({ retries: 0, signal: never });
  assert.deepEqual(
    ends.map(({ rid, state }) => [rid, state]),
    [
      [first?.rid, "published"],
      [second?.rid, "failed"],
      [third?.rid, "published"],
    ],
  );
  assert.match(ends[1]?.reason ?? "", /b\.txt/);
  assert.equal(ends[1]?.files?.failed[0]?.path, "b.txt");
  assert.deepEqual(
    reports.map((report) => existsSync(scratch(report))),
    [false, true, false],
  );
});

/** Files below a folder of the project whose names do not belong to the store. */
function filesBelow(folder: string, name: string): readonly string[] {
  const below = join(folder, name);
  if (!existsSync(below)) return [];
  return readdirSync(below, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile() && !`${entry.parentPath}/`.includes("/.promoting-"))
    .map(({ name: file }) => file);
}

test("taking the digests of large files is told in true bytes", async (t) => {
  const { run, sealed, large: file } = await given(t);
  const { rid, state } = await run((execution) => {
    execution.registerFile(file, "copied.bin", { mode: "copy" });
    execution.registerFile(file, "linked.bin", { mode: "link" });
    writeFileSync(execution.outputPath("small.txt"), "small");
  });
  assert.equal(state, "published");
  assert.ok(sealed.length > 0);
  const totals = new Set(sealed.map(({ totalBytes = 0 }) => totalBytes));
  assert.equal(totals.size, 1);
  const [total = 0] = totals;
  assert.ok(total > 2 * large.length + 5, "with what is captured");
  const done = sealed.map(({ doneBytes }) => doneBytes);
  assert.deepEqual(
    done,
    done.toSorted((a, b) => a - b),
  );
  assert.deepEqual([done.at(-1), new Set(sealed.map((each) => each.rid))], [total, new Set([rid])]);
});

test("parts that failed are in the report of the whole", async (t) => {
  const { run } = await given(t);
  const { state, parts } = await run(async (execution) => {
    await execution.nested({ run: () => {} });
    await execution.nested({ run: (part) => part.fail("too few data") });
  });
  assert.equal(state, "published");
  assert.deepEqual(
    parts.map((part) => [part.state, part.failure?.message]),
    [
      ["published", undefined],
      ["failed", "too few data"],
    ],
  );
});
