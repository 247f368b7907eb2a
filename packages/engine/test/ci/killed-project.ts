import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { compareCodeUnits } from "../../src/core/identity/compare.ts";
import { open } from "../../src/entry/library/open.ts";
import { catalogFileOf } from "../../src/entry/open-catalog.ts";
import { cmip6Bytes, cmip6Path } from "../support/cmip6-file.ts";
import { type PointKill, variables } from "./killing-observer.ts";

const almanacProgram = join(import.meta.dirname, "../../bin/almanac.js");
const killingProgram = join(import.meta.dirname, "killing-almanac.ts");

/** Ample for any command on this small project; one that takes longer hangs. */
const hangsMs = 60_000;

const configText = `export default { providers: { modules: ["./provider.ts"] } };
`;

/** Two functions and a command line; each makes one execution a model, and has to open the model's file first. */
const providerText = `import { readFileSync, writeFileSync } from "node:fs";
import { defineDiagnostic, defineProvider, requireContiguousTimerange } from "almanac";

const requirements = [
  { sourceType: "cmip6", groupBy: ["source_id"], constraints: [requireContiguousTimerange()] },
];
const facets = ["source_id", "metric"];
const modelOf = (datasets) => datasets[0].facets.source_id;

const sum = defineDiagnostic({
  slug: "sum", requirements, facets,
  run: (context) => {
    const value = readFileSync(context.inputs[0].localPaths[0]).reduce((total, byte) => total + byte, 0);
    writeFileSync(context.data("bytes.txt", { longName: "Sum of all bytes" }), String(value));
    context.scalar({ dimensions: { source_id: modelOf(context.inputs), metric: "sum" }, value });
  },
});
const steps = defineDiagnostic({
  slug: "steps", requirements, facets,
  run: (context) => {
    const dimensions = { source_id: modelOf(context.inputs), metric: "steps" };
    context.series({ dimensions, values: [1, 4, 9], index: [1, 2, 3], indexName: "step" });
    context.scalar({ dimensions, value: 14 });
  },
});
const lines = defineDiagnostic({
  slug: "lines", requirements, facets,
  command: ({ datasets }) => ["/bin/sh", "-c", \`grep -c path inputs.json > count.txt; sleep 0.02; cat > diagnostic.json << END
{ "DIMENSIONS": { "json_structure": ["source_id", "metric"], "source_id": { "\${modelOf(datasets)}": {} }, "metric": { "lines": {} } },
  "RESULTS": { "\${modelOf(datasets)}": { "lines": 3 } } }
END\`],
});

export default defineProvider({ slug: "tiny", version: "1.0.0", diagnostics: [sum, steps, lines] });
`;

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Both streams, for messages of failed tests. */
  readonly output: string;
  readonly stdout: string;
}

/** What a project's user sees in the end: nothing in it may depend on how it was reached. */
export interface Outcome {
  /** Group → states of its latest execution. */
  readonly groups: Readonly<Record<string, string>>;
  readonly values: readonly string[];
  /** Files of the current executions, with their digests where content does not depend on times and RIDs. */
  readonly files: readonly string[];
}

/** A project in a folder of its own. */
export class KilledProject implements Disposable {
  readonly folder: string;
  /** Lines of all hits of durable points. */
  readonly #hits: string;
  readonly #died: string;

  constructor() {
    const base = mkdtempSync(join(tmpdir(), "almanac-kill-"));
    this.folder = join(base, "project");
    this.#hits = join(base, "hits");
    this.#died = join(base, "died");
    mkdirSync(this.folder);
  }

  /** Writes archive, provider and configuration. */
  writeInput(): void {
    writeFileSync(join(this.folder, "provider.ts"), providerText);
    for (const model of ["ACCESS-ESM1-5", "CanESM5"]) {
      const described = { source: model, months: "200001-200003" };
      const file = join(this.folder, "archive", cmip6Path(described));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, cmip6Bytes(described, { tracking_id: `hdl:21.14100/${model}` }));
    }
  }

  writeConfig(): void {
    writeFileSync(join(this.folder, "almanac.config.ts"), configText);
  }

  /** A copy of this project in a folder of its own. */
  copy(): KilledProject {
    const made = new KilledProject();
    cpSync(this.folder, made.folder, { recursive: true, preserveTimestamps: true });
    return made;
  }

  /** Starts the command line with observed durable writes. */
  start(words: readonly string[], kill?: PointKill): { child: ChildProcess; ended: Promise<Ended> } {
    return run({
      words: [killingProgram, ...words],
      folder: this.folder,
      environment: {
        [variables.hits]: this.#hits,
        [variables.died]: this.#died,
        ...(kill === undefined ? {} : { [variables.kill]: JSON.stringify(kill) }),
      },
    });
  }

  /** Runs a command as a user does. */
  async almanac(...words: readonly string[]): Promise<Ended> {
    const environment = { [variables.hits]: undefined, [variables.kill]: undefined };
    return run({ words: [almanacProgram, ...words], folder: this.folder, environment }).ended;
  }

  /** Hits so far, such as `controller before catalog.record`. */
  hits(): readonly string[] {
    return readLines(this.#hits);
  }

  /** True if the kill that was asked for has happened. */
  hasDied(): boolean {
    return readLines(this.#died).length > 0;
  }

  /** Absolute file → digest, of everything that the catalog says is published. */
  async publishedFiles(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    if (!this.hasCatalog()) return found;
    await using project = await open({ folder: this.folder, access: "read" });
    const { items } = await project.catalog.executions.list({ states: ["published"] });
    for (const { fragment } of items)
      for (const file of filesBelow(project.results.folder(fragment))) found.set(file, digestOf(file));
    return found;
  }

  async outcome(): Promise<Outcome> {
    await using project = await open({ folder: this.folder, access: "read" });
    const { items: executions } = await project.catalog.executions.list({});
    const groups: Record<string, string> = {};
    const files: string[] = [];
    // Newest first: the first of a group is its latest.
    for (const { provider, diagnostic, key, state, fragment } of executions) {
      const group = `${provider}/${diagnostic}/${key}`;
      if (group in groups) continue;
      groups[group] = state;
      const folder = project.results.folder(fragment);
      for (const file of filesBelow(folder)) {
        const path = file.slice(folder.length + 1);
        files.push(`${group} ${path} ${isTimed(path) ? "" : digestOf(file)}`);
      }
    }
    const scalars = await project.catalog.values.values({ kind: "scalar" });
    const series = await project.catalog.values.values({ kind: "series" });
    const group = new Map(
      executions.map(({ rid, provider, diagnostic, key }) => [rid, `${provider}/${diagnostic}/${key}`]),
    );
    const values = [...scalars.items, ...series.items].map(
      ({ execution, value }) => `${group.get(execution)} ${JSON.stringify(value)}`,
    );
    return {
      groups: Object.fromEntries(Object.entries(groups).sort(([a], [b]) => compareCodeUnits(a, b))),
      values: values.sort(),
      files: files.sort(),
    };
  }

  /** Files in results that belong to no whole fragment, and files in scratch of executions that are published. */
  async strayFiles(): Promise<readonly string[]> {
    const below = (folder: string): readonly string[] =>
      existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
    const aside = below(join(this.folder, "results")).filter((name) => /(^|\/)\.|\.tmp\b/.test(name));
    await using project = await open({ folder: this.folder, access: "read" });
    const { items } = await project.catalog.executions.list({ states: ["published"] });
    const left = items.filter(({ fragment }) => existsSync(project.scratch.folder(fragment)));
    const moved = below(join(this.folder, ".almanac/scratch")).filter((name) => name.includes(".removing-"));
    return [...aside, ...left.map(({ fragment }) => fragment), ...moved];
  }

  /** Processes that work on this project. */
  processes(): readonly string[] {
    return globSync("/proc/[0-9]*").flatMap((process) => {
      const words =
        readLines(join(process, "cmdline")).join(" ") + readLines(join(process, "environ")).join(" ");
      const isZombie = /^State:\s+Z/m.test(readLines(join(process, "status")).join("\n"));
      return words.includes(dirname(this.folder)) && !isZombie ? [`${process} ${words.slice(0, 200)}`] : [];
    });
  }

  /** Fails if something that was started for this project still runs, after the time that workers need to end. */
  async requireQuiet(): Promise<void> {
    for (let waited = 0; this.processes().length > 0 && waited < 10_000; waited += 20) await sleep(20);
    assert.deepEqual(this.processes(), [], "processes are left");
  }

  [Symbol.dispose](): void {
    rmSync(dirname(this.folder), { recursive: true, force: true });
  }

  private hasCatalog(): boolean {
    return globSync(catalogFileOf("sqlite:.almanac/catalog.sqlite", this.folder)).length === 1;
  }
}

function run({
  words,
  folder,
  environment,
}: {
  readonly words: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [...words], {
    cwd: folder,
    env: { ...process.env, ...environment, ALMANAC_TEST_PROJECT: folder },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: hangsMs,
    killSignal: "SIGABRT",
  });
  let output = "";
  let stdout = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      if (stream === child.stdout) stdout += bytes.toString();
    });
  const ended = once(child, "close").then(
    ([code, signal]): Ended => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      output,
      stdout,
    }),
  );
  return { child, ended };
}

/** Journals, definitions and outcomes hold times and RIDs, and so does the manifest that has their digests. */
function isTimed(path: string): boolean {
  return ["execution.json", "execution.log", "manifest.jsonl", "outcome.json", "inputs.json"].includes(path);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function digestOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** Lines of a file that may be absent, or of a process that has just gone: none then. */
function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8")
      .split(/[\n\0]/)
      .filter((line) => line !== "");
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}
