import { localExecutor } from "../../src/entry/executors.ts";
import { Follower, type Work, Workshop } from "../../src/ports/executor.harness.ts";
import { solvePasses } from "./execute-published.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const executions = 1000;
const commands = 100;
const workers = 2;
const passes = 5;

/** What a computation costs beside itself: folder, log, manifest, bundles and outcome, durable; nothing published. */
export async function run(): Promise<readonly Figure[]> {
  const trivial = { what: `one of ${executions} functions that do nothing`, work: { run: "nothing" } };
  const values = {
    what: `one of ${executions} functions with a scalar, a series and a file`,
    work: { run: "values" },
  };
  const shell = { what: `one of ${commands} shell commands that do nothing`, work: { script: "true" } };
  return [
    ...(await published()),
    figure(
      { id: "executeTrivial", unit: "ms", aim: 3, what: on(trivial.what) },
      await times(executions, trivial.work),
    ),
    figure({ id: "executeValues", unit: "ms", what: on(values.what) }, await times(executions, values.work)),
    figure({ id: "executeCommand", unit: "ms", what: on(shell.what) }, await times(commands, shell.work)),
  ];
}

function on(what: string): string {
  return `${what}, ${workers} workers, without publishing`;
}

/** Milliseconds per execution of several passes, each with workers that have started. */
async function times(count: number, work: Work): Promise<readonly number[]> {
  const measured: number[] = [];
  for (let pass = 0; pass < passes; pass += 1) measured.push((await onePass(count, work)) / count);
  return measured;
}

async function published(): Promise<readonly Figure[]> {
  const costs = await solvePasses(passes, { count: executions, jobs: workers });
  const what = `one of ${executions} trivial diagnostics, ${workers} workers, planned, recorded, run and published`;
  return [
    figure(
      { id: "executePublished", unit: "ms", aim: 5, what },
      costs.map(({ elapsed }) => elapsed),
    ),
    figure(
      { id: "executePublishedCpu", unit: "ms", what: `${what}, CPU of the publishing process` },
      costs.map(({ cpu }) => cpu),
    ),
  ];
}

async function onePass(count: number, work: Work): Promise<number> {
  const removals: (() => void)[] = [];
  const workshop = new Workshop({ after: (remove) => removals.push(remove) });
  const executor = localExecutor({ jobs: workers });
  const follower = new Follower(executor);
  const warmUp = Array.from({ length: 4 * workers }, () => workshop.prepare(work));
  const jobs = Array.from({ length: count }, () => workshop.prepare(work));
  await Promise.all(warmUp.map((job) => executor.submit(job)));
  for (const job of warmUp) await follower.event(job, "finished");
  const time = await elapsedMs(async () => {
    for (const job of jobs) await executor.submit(job);
    for (const job of jobs) await follower.event(job, "finished");
  });
  await executor.close();
  for (const remove of removals) remove();
  return time;
}
