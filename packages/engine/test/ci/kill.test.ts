import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../src/adapters/netcdf/synthetic-climate.ts";
import { type DurablePoint, durablePoints } from "../../src/ports/durable.ts";
import { KilledProject, type Outcome } from "./killed-project.ts";
import type { Moment, PointKill, Side } from "./killing-observer.ts";

// Whatever is killed, and wherever, the next solve ends where an undisturbed one does, and no published file changes.

/** Commands of the main job that write durably. */
type Command = "init" | "ingest" | "solve" | "attach";

const commands: Readonly<Record<Command, readonly string[]>> = {
  init: ["init"],
  ingest: ["ingest", "--type", "cmip6", "--fast", "archive"],
  solve: ["solve", "--jobs", "2"],
  // The second RID of the first group: its execution.
  attach: ["executions", "attach", "4", "provider.ts"],
};

/** Scenarios at once: most of each is waiting for processes to start. */
const lanes = 2;

const linux = {
  skip: existsSync("/proc/self/stat") ? false : "needs /proc to see which processes are left",
  concurrency: lanes,
};
const seed = Number(process.env["ALMANAC_TEST_SEED"] ?? 20260101);
const randomKills = 50;

/** The project before each command, and what is reached without a kill. */
interface Reference {
  readonly ready: Readonly<Record<Command, KilledProject>>;
  readonly hits: Readonly<Record<Command, readonly string[]>>;
  readonly solveMs: number;
  readonly outcome: Outcome;
}

let reference: Reference;

before(async () => {
  if (linux.skip === false) reference = await undisturbed();
});

after(() => {
  for (const project of Object.values(reference?.ready ?? {})) project[Symbol.dispose]();
});

async function undisturbed(): Promise<Reference> {
  const init = new KilledProject();
  init.writeInput();
  using created = init.copy();
  const initHits = await hitsOf(created, "init");
  created.writeConfig();
  const ingest = created.copy();
  const ingestHits = await hitsOf(created, "ingest");
  const solve = created.copy();
  const startedAt = performance.now();
  const solveHits = await hitsOf(created, "solve");
  const solveMs = performance.now() - startedAt;
  const outcome = await created.outcome();
  const attach = created.copy();
  const attachHits = await hitsOf(created, "attach");
  return {
    ready: { init, ingest, solve, attach },
    hits: { init: initHits, ingest: ingestHits, solve: solveHits, attach: attachHits },
    solveMs,
    outcome,
  };
}

async function hitsOf(project: KilledProject, command: Command): Promise<readonly string[]> {
  const known = project.hits().length;
  const { code, output } = await project.start(commands[command]).ended;
  assert.equal(code, 0, output);
  return project.hits().slice(known);
}

test("the undisturbed run publishes every group", linux, () => {
  const { groups, values, files } = reference.outcome;
  assert.deepEqual(Object.values(groups), Array<string>(6).fill("published"));
  assert.equal(values.length, 8);
  for (const name of ["bytes.txt", "diagnostic.json", "outcome.json"])
    assert.ok(files.some((file) => file.includes(` ${name} `)));
});

test("every named point is hit, before and after, by a command of the main job", linux, () => {
  const hit = new Set(Object.values(reference.hits).flatMap((lines) => lines.map(withoutSide)));
  const wanted = durablePoints.flatMap((point) => [`before ${point}`, `after ${point}`]);
  assert.deepEqual(
    wanted.filter((name) => !hit.has(name)),
    [],
  );
});

function withoutSide(line: string): string {
  return line.slice(line.indexOf(" ") + 1);
}

test("a kill before or after any named point leaves what the next solve can finish", linux, async (t) => {
  const kills = (Object.keys(commands) as Command[]).flatMap(killsOf);
  await Promise.all(
    kills.map(({ command, kill }) => {
      const name = `${command}, ${kill.side} ${kill.moment} ${kill.point}, hit ${kill.hit}`;
      return t.test(name, () => killedAt(command, kill));
    }),
  );
});

/** The first hit of each point that a command reaches, and one in the middle where there are many. */
function killsOf(command: Command): readonly { readonly command: Command; readonly kill: PointKill }[] {
  const counts = new Map<string, number>();
  for (const line of reference.hits[command]) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].flatMap(([line, count]) => {
    const [side, moment, point] = line.split(" ") as [Side, Moment, DurablePoint];
    // Two workers share the hits, and executions share commits: only a part of them is sure to be reached again.
    const isShared = side === "worker" || point.startsWith("catalog.");
    const middle = Math.ceil(count / (isShared ? 4 : 2));
    return [...new Set([1, middle])].map((hit) => ({ command, kill: { side, moment, point, hit } }));
  });
}

async function killedAt(command: Command, kill: PointKill): Promise<void> {
  using project = reference.ready[command].copy();
  const { code, signal, output } = await project.start(commands[command], kill).ended;
  assert.ok(project.hasDied(), `nothing was killed: ${output}`);
  if (kill.side === "controller") assert.equal(signal, "SIGKILL", output);
  else assert.equal(code, 0, output);
  await (command === "attach" ? requireAttached(project) : requireFinished(project, command));
}

/** Attaches again, and compares: the addition is there once, and what was published before is as it was. */
async function requireAttached(project: KilledProject): Promise<void> {
  const published = await reference.ready.attach.publishedFiles();
  await requireDone(project, "attach");
  const { stdout } = await project.almanac("executions", "show", "4", "--json");
  const { artifacts } = JSON.parse(stdout) as { readonly artifacts: readonly { readonly name: string }[] };
  assert.equal(artifacts.filter(({ name }) => name === "provider.ts").length, 1);
  const now = await project.publishedFiles();
  const inProject = (file: string): string => file.slice(file.indexOf("/project/"));
  const digests = new Map([...now].map(([file, digest]) => [inProject(file), digest]));
  for (const [file, digest] of published) assert.equal(digests.get(inProject(file)), digest, file);
  assert.equal(now.size, published.size + 2, "the file and its manifest segment");
  assert.deepEqual(await project.strayFiles(), []);
}

/** Does what a person does next, and compares. */
async function requireFinished(project: KilledProject, killed: Command): Promise<void> {
  const published = killed === "solve" ? await project.publishedFiles() : new Map<string, string>();
  if (killed === "init") {
    await requireDone(project, "init");
    project.writeConfig();
  }
  await requireDone(project, "ingest");
  await requireDone(project, "solve");
  const { stdout } = await project.almanac("plan", "--json");
  const { items } = JSON.parse(stdout) as { readonly items: readonly { readonly decision: string }[] };
  assert.deepEqual(new Set(items.map(({ decision }) => decision)), new Set(["skip"]));
  assert.deepEqual(await project.outcome(), reference.outcome);
  const now = await project.publishedFiles();
  for (const [file, digest] of published) assert.equal(now.get(file), digest, `${file} changed or vanished`);
  assert.deepEqual(await project.strayFiles(), []);
  await project.requireQuiet();
}

async function requireDone(project: KilledProject, command: Command): Promise<void> {
  const { code, output } = await project.almanac(...commands[command]);
  assert.equal(code, 0, `${command}: ${output}`);
}

test("kills at random times leave what the next solve can finish", linux, async (t) => {
  const random = seededRandom(seed);
  const kills = Array.from({ length: randomKills }, (_, number) => ({
    number,
    delayMs: random() * reference.solveMs,
    // Mostly the controller: a worker is one of several, which the pool replaces.
    choice: random() < 0.6 ? undefined : random(),
  }));
  await Promise.all(
    kills.map((planned) => {
      const whom = planned.choice === undefined ? "the controller" : "a worker";
      const name = `${planned.number}: ${whom} after ${planned.delayMs.toFixed(0)} ms (seed ${seed})`;
      return t.test(name, () => killedAfter(planned));
    }),
  );
});

/** A kill at a random time; `choice` from 0 to 1 is which worker, undefined the controller. */
interface RandomKill {
  readonly number: number;
  readonly delayMs: number;
  readonly choice: number | undefined;
}

async function killedAfter({ delayMs, choice }: RandomKill): Promise<void> {
  using project = reference.ready.solve.copy();
  const { child, ended } = project.start(commands.solve);
  await Promise.race([sleep(delayMs), ended]);
  const pid = child.pid ?? 0;
  const workers = childrenOf(pid);
  kill(choice === undefined ? pid : (workers[Math.floor(choice * workers.length)] ?? pid));
  const { code, signal, output } = await ended;
  assert.ok(code === 0 || signal === "SIGKILL", `${code} ${signal} ${output}`);
  await requireFinished(project, "solve");
}

/** Ends a process at once; one that is gone already needs no end. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text
      .split(" ")
      .map(Number)
      .filter((each) => each > 0);
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}
