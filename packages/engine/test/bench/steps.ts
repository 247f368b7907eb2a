import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openProducts, type Pipeline, WorkflowRunner } from "../../src/entry/library/steps.ts";
import { registerSelfResolve } from "../../src/entry/self-resolve.ts";
import { buildBelow, temporaryFolder } from "./built.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";
import { writeMap, writePipeline } from "./steps-graph.ts";
import { peerFigures } from "./steps-peers.ts";

/** Pipelines of ten layers and a map over 100,000 items, beside ninja, make, doit and joblib where they are installed. */
export async function run(): Promise<readonly Figure[]> {
  using work = temporaryFolder();
  const { folder } = work;
  const binary = buildBelow(folder);
  return [
    ...(await thousandInProcess(folder)),
    ...upToDate({ folder, binary, count: 1000, aim: 250, passes: 11 }),
    ...upToDate({ folder, binary, count: 10_000, aim: 400, passes: 7 }),
    ...upToDate({ folder, binary, count: 100_000, aim: 1500, passes: 3 }),
    await explanation(folder),
    ...(await mapped(folder, binary)),
    ...peerFigures(folder),
  ];
}

async function pipelineOf(file: string): Promise<Pipeline<unknown, unknown>> {
  registerSelfResolve();
  const { default: pipeline } = (await import(pathToFileURL(file).href)) as {
    readonly default: Pipeline<unknown, unknown>;
  };
  return pipeline;
}

async function thousandInProcess(folder: string): Promise<readonly Figure[]> {
  const pipeline = await pipelineOf(writePipeline(folder, 1000));
  const products = join(folder, "in-process");
  const build = async (): Promise<void> => {
    await using runner = new WorkflowRunner(pipeline, {}, openProducts(products));
    await runner.buildProducts(runner.leaves());
  };
  const cold: number[] = [];
  for (let pass = 0; pass < 7; pass++) {
    rmSync(products, { recursive: true, force: true });
    cold.push(await elapsedMs(build));
  }
  const again: number[] = [];
  for (let pass = 0; pass < 21; pass++) again.push(await elapsedMs(build));
  const aim = (id: string, what: string, ms: number) => ({ id, what, unit: "ms", aim: ms });
  return [
    figure(aim("cold1000", "1,000 trivial steps cold, durable, in process, new runner", 250), cold),
    figure(aim("inProcess1000", "1,000 steps, nothing to do, in process, new runner", 15), again),
  ];
}

interface Sized {
  readonly folder: string;
  readonly binary: string;
  readonly count: number;
  readonly aim: number;
  readonly passes: number;
}

function upToDate({ folder, binary, count, aim, passes }: Sized): readonly Figure[] {
  const file = writePipeline(folder, count);
  const place = ["--pipeline", file, "--products", join(folder, `products-${count}`)];
  build(binary, place);
  const runs = Array.from({ length: passes }, () => build(binary, place));
  const what = `almanac build, ${count.toLocaleString("en")} steps, nothing to do`;
  return [
    figure(
      { id: `upToDate${count}`, what, unit: "ms", aim },
      runs.map(({ ms }) => ms),
    ),
    figure(
      { id: `memory${count}`, what: `${what}, most memory`, unit: "MB", aim: 250 },
      runs.map(({ megabytes }) => megabytes),
    ),
  ];
}

interface Built {
  readonly ms: number;
  readonly megabytes: number;
}

const tellMemory =
  "data:text/javascript,process.on('exit',()=>process.stderr.write('maxRSS='+process.resourceUsage().maxRSS))";

function build(binary: string, words: readonly string[]): Built {
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", tellMemory, binary, "build", ...words],
    { encoding: "utf8", maxBuffer: 1 << 30 },
  );
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`almanac build ended with ${status}: ${stderr.slice(0, 2000)}`);
  return { ms, megabytes: Number(/maxRSS=(\d+)/.exec(stderr)?.[1]) / 1000 };
}

/** On the products of the largest pipeline. */
async function explanation(folder: string): Promise<Figure> {
  const pipeline = await pipelineOf(join(folder, "pipeline-100000.mjs"));
  await using runner = new WorkflowRunner(pipeline, {}, openProducts(join(folder, "products-100000")));
  await runner.explain("p9_5000");
  const times: number[] = [];
  for (let pass = 0; pass < 11; pass++) times.push(await elapsedMs(() => runner.explain("p9_5001")));
  return figure(
    { id: "explain100000", what: "explain on 100,000 entries, in process, open runner", unit: "ms", aim: 20 },
    times,
  );
}

/** One store, the list of numbers as it was, with one changed, and reversed. */
async function mapped(folder: string, binary: string): Promise<readonly Figure[]> {
  const place = join(folder, "map-products");
  const files = {
    same: writeMap(folder, "map", "i"),
    changed: writeMap(folder, "map-changed", "i === 500 ? -1 : i"),
    reversed: writeMap(folder, "map-reversed", "99_999 - i"),
  };
  const built = (file: string): number =>
    build(binary, ["squares", "--pipeline", file, "--products", place]).ms;
  built(files.same);
  // A copy: the command below must find the store as it is.
  const copy = join(folder, "map-copy");
  cpSync(place, copy, { recursive: true });
  const changedItems = await itemsRun(files.changed, copy);
  const reversedItems = await itemsRun(files.reversed, copy);
  const again = Array.from({ length: 3 }, () => built(files.same));
  const [changed, reversed] = [built(files.changed), built(files.reversed)];
  const about = (id: string, what: string) => ({
    id,
    what: `almanac build, map over 100,000 items, ${what}`,
    unit: "ms",
    aim: 1500,
  });
  const items = (id: string, what: string, aim: number) => ({
    id,
    what: `items run, ${what}`,
    unit: "items",
    aim,
  });
  return [
    figure(about("mapUpToDate", "nothing changed"), again),
    figure(about("mapChanged", "one changed"), [changed]),
    figure(items("mapChangedItems", "one changed", 1), [changedItems]),
    figure(about("mapReversed", "reversed"), [reversed]),
    figure(items("mapReversedItems", "reversed", 0), [reversedItems]),
  ];
}

/** How many items of a map run. */
async function itemsRun(file: string, products: string): Promise<number> {
  const pipeline = await pipelineOf(file);
  await using runner = new WorkflowRunner(pipeline, {}, openProducts(products));
  let run = Number.NaN;
  runner.observe((event) => {
    if (event.kind === "items") run = event.run;
  });
  await runner.buildProducts(["squares"]);
  return run;
}
