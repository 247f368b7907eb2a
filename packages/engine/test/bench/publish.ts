import { execFileSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openFragmentStore } from "../../src/adapters/files/fragment-store.ts";
import { sealFile } from "../../src/adapters/files/seal-file.ts";
import { openCatalog } from "../../src/adapters/sqlite/open.ts";
import { catalogQueue } from "../../src/app/catalog-queue.ts";
import { materialize } from "../../src/app/materialize.ts";
import { publishExecution } from "../../src/app/publish.ts";
import { readOutcome } from "../../src/app/read-outcome.ts";
import type { RegistrationMode } from "../../src/core/execution/manifest.ts";
import { appendLine } from "../../src/core/execution/manifest-journal.ts";
import { defaultVocabulary } from "../../src/core/results/default-vocabulary.ts";
import { unobserved } from "../../src/ports/durable.ts";
import type { FragmentStore } from "../../src/ports/fragment-store.ts";
import {
  pathToPublished,
  sampleDecision,
  sampleExecution,
  sampleOwner,
  transitionsAlong,
} from "../../src/ports/sample-records.contract.ts";
import { definitionOf, goodResult, type Left, leave } from "../support/finished-execution.ts";
import { temporaryFolder } from "./built.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const fileBytes = 256 * 1024 * 1024;
const fileCount = 4;
const bigRuns = 3;
const smallCount = 400;
const smallAtOnce = 8;

/** Publishing 1 GiB by link and by copy, hashing it, and publishing many small executions. */
export async function run(): Promise<readonly Figure[]> {
  using work = temporaryFolder();
  return [
    ...(await large(work.folder)),
    ...(await small(work.folder, { id: "publishTrivial", what: "executions without results", left: {} })),
    ...(await small(work.folder, {
      id: "publishValues",
      what: "executions with three bundles and two files",
      left: goodResult,
    })),
  ];
}

async function large(root: string): Promise<readonly Figure[]> {
  const scratch = openFragmentStore(join(root, "scratch"), unobserved);
  const times = { hash: [] as number[], link: [] as number[], copy: [] as number[], plain: [] as number[] };
  for (let pass = 0; pass < bigRuns; pass += 1) {
    const results = openFragmentStore(join(root, `results-${pass}`), unobserved);
    for (const mode of ["write", "link"] as const) {
      const fragment = await leaveLarge(scratch, { mode, times: times.hash });
      const publish = () => materialize({ fragment, scratch, results, published: false });
      times[mode === "write" ? "link" : "copy"].push(await elapsedMs(publish));
      if (mode === "link") {
        const plain = join(root, `plain-${pass}`);
        times.plain.push(await elapsedMs(() => copyPlain(scratch.folder(fragment), plain)));
        rmSync(plain, { recursive: true });
      }
      await scratch.remove(fragment);
      await results.remove(fragment);
    }
  }
  const ratios = times.copy.map((ms, at) => ms / (times.plain[at] ?? Number.NaN));
  const gib = "1 GiB of sealed artifacts (4 files)";
  return [
    figure({ id: "publishLink", what: `publishing ${gib} by link`, unit: "ms", aim: 50 }, times.link),
    figure({ id: "publishCopy", what: `publishing ${gib} by copy`, unit: "ms" }, times.copy),
    figure({ id: "copyAndSync", what: "cp and sync of the same, for comparison", unit: "ms" }, times.plain),
    figure(
      { id: "publishCopyRatio", what: "publishing by copy over cp and sync", unit: "times", aim: 1.2 },
      ratios,
    ),
    figure({ id: "hash", what: "hashing and fsyncing the same once, when sealed", unit: "ms" }, times.hash),
  ];
}

/** Files registered as links of somebody's are copied, others are linked. @returns the fragment */
async function leaveLarge(
  scratch: FragmentStore,
  { mode, times }: { readonly mode: RegistrationMode; readonly times: number[] },
): Promise<string> {
  const definition = definitionOf({ group: "1", execution: mode === "write" ? "2" : "3" });
  const folder = scratch.folder(definition.fragment);
  await leave(scratch, definition, { artifacts: {} });
  const paths = Array.from({ length: fileCount }, (_, at) => `large-${at}.nc`);
  for (const path of paths) writeLarge(join(folder, path));
  const lines: string[] = [];
  const seal = async () => {
    for (const path of paths) {
      const common = {
        kind: "execution-asset",
        types: [],
        metadata: {},
        description: "",
        keepOnFailure: false,
      };
      lines.push(appendLine({ record: "registered", name: path, path, mode, ...common }));
      lines.push(appendLine({ record: "sealed", path, ...(await sealFile(join(folder, path), path)) }));
    }
  };
  times.push(await elapsedMs(seal));
  const manifest = openSync(join(folder, "manifest.jsonl"), "a");
  writeSync(manifest, lines.join(""));
  closeSync(manifest);
  return definition.fragment;
}

function writeLarge(path: string): void {
  const chunk = randomFillSync(Buffer.allocUnsafe(16 * 1024 * 1024));
  const file = openSync(path, "w");
  for (let done = 0; done < fileBytes; done += chunk.length) writeSync(file, chunk);
  fsyncSync(file);
  closeSync(file);
}

function copyPlain(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  execFileSync("cp", ["-r", `${from}/.`, to]);
  execFileSync("sync", ["-f", to]);
}

/** Small executions from `completed` to `published`, catalog on disk. */
async function small(
  root: string,
  { id, what, left }: { readonly id: string; readonly what: string; readonly left: Left },
): Promise<readonly Figure[]> {
  const catalog = await openCatalog({ file: join(root, `${id}.db`), create: true });
  const scratch = openFragmentStore(join(root, `${id}-scratch`), unobserved);
  const results = openFragmentStore(join(root, `${id}-results`), unobserved);
  const decisions = Array.from({ length: smallCount }, (_, at) => sampleExecution(sampleDecision(`M${at}`)));
  const definitions = await catalog.executions.record(decisions, sampleOwner);
  const computed = pathToPublished.slice(0, 5);
  await catalog.executions.transition(definitions.flatMap(({ rid }) => transitionsAlong(rid, computed)));
  for (const definition of definitions) await leave(scratch, definition, left);
  const clock = { now: () => new Date().toISOString(), monotonicMs: () => performance.now() };
  const transitions = catalogQueue(catalog);
  const ports = {
    scratch,
    results,
    values: catalog.values,
    transitions,
    vocabulary: defaultVocabulary,
    clock,
  } as const;
  const waiting = [...definitions];
  const publishAll = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const outcome = await readOutcome(next.fragment, scratch);
      const ended = {
        definition: next,
        state: "completed",
        outcome,
        failure: undefined,
        finishedAt: clock.now(),
      } as const;
      await publishExecution(ended, { ...ports, keepScratch: "failed" });
    }
  };
  const cpuBefore = process.cpuUsage();
  const ms = await elapsedMs(() => Promise.all(Array.from({ length: smallAtOnce }, publishAll)));
  const cpu = process.cpuUsage(cpuBefore);
  await catalog.close();
  const each = `publishing one of ${smallCount} ${what}, ${smallAtOnce} at once`;
  return [
    figure({ id, what: each, unit: "ms" }, [ms / smallCount]),
    figure({ id: `${id}Cpu`, what: `${each}, CPU time`, unit: "ms" }, [
      (cpu.user + cpu.system) / 1000 / smallCount,
    ]),
  ];
}
