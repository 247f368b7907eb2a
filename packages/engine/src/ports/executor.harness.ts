import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { InputDataset, SolverDefinition } from "../core/execution/definition.ts";
import type { ManifestArtifact } from "../core/execution/manifest.ts";
import { readManifest } from "../core/execution/manifest-journal.ts";
import type { Outcome } from "../core/execution/outcome.ts";
import { formatRid, type Rid } from "../core/identity/rid.ts";
import type { Json } from "../core/json.ts";
import { writeDefinition } from "../documents/definition.ts";
import { parseOutcome } from "../documents/outcome.ts";
import type { Executor, ExecutorEvent, Job } from "./executor.ts";

/** The provider module of the contract's function computations; plain JavaScript that imports nothing of ours. */
const providerText = `
import { spawn } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const spin = () => { for (;;); };
const functions = {
  "nothing": () => {},
  "values": (context) => {
    context.scalar({ dimensions: { metric: "one" }, value: Number(context.parameters.value ?? 1) });
    context.series({ dimensions: { metric: "line" }, values: [1, null], index: [0, 1], indexName: "step" });
    writeFileSync(context.data("deep/er/file.txt", { longName: "A file" }), context.rid);
    context.progress(0.5, "half");
    console.log("printed"); console.error("complained"); process.stdout.write("written\\n");
  },
  "throws": () => { throw new Error("no such luck"); },
  "fails": (context) => { try { context.fail("not my day"); } catch {} },
  "aborts": (context) => { context.abort("try me later"); },
  "not-a-number": (context) => { context.scalar({ dimensions: { metric: "x" }, value: Number.NaN }); },
  "not-written": (context) => { context.outputPath("never.txt"); },
  "outside": (context) => { context.outputPath("../out.txt"); },
  "disk-full": () => { throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" }); },
  "waits": async (context) => {
    writeFileSync(context.folder + "/ready", "\\n");
    while (!context.signal.aborted) await sleep(5);
    throw new Error("stopped by signal");
  },
  "spins": (context) => { writeFileSync(context.folder + "/ready", "\\n"); spin(); },
  "spawns": async (context) => {
    spawn("/bin/sh", ["-c", "echo $$ > " + context.folder + "/child; exec sleep 300"], { detached: true, stdio: "inherit" }).unref();
    // There and written: the process that writes it is ended right after.
    while (!existsSync(context.folder + "/child") || statSync(context.folder + "/child").size === 0) await sleep(5);
    if (context.parameters.spin) spin();
  },
  "stray": async () => { setTimeout(() => { throw new Error("stray failure"); }, 1); await sleep(60_000); },
  "exits": () => process.exit(3),
  "hoards": async (context) => {
    const hoard = [];
    for (let i = 0; i < 200; i += 1) { hoard.push(Buffer.alloc(16 << 20, 1)); if (context.signal.aborted) return; }
    spin();
  },
  "writes": (context) => { writeFileSync(context.outputPath("big.bin"), Buffer.alloc(Number(context.parameters.bytes), 7)); },
  "chatters": () => { const line = "x".repeat(999) + "\\n"; for (let i = 0; i < 100_000; i += 1) process.stdout.write(line); },
};
export default {
  slug: "contract", name: "Contract", version: "1",
  diagnostics: Object.entries(functions).map(([slug, run]) => ({
    slug, name: slug, version: 1, requirementSets: [[{ sourceType: "cmip6", filters: [], groupBy: [], constraints: [] }]], facets: [], parameters: {}, limits: {},
    computation: { kind: "function", run },
  })),
};
`;

/** One computation to run: a function of the contract's provider by name, or a shell script. */
export type Work = { readonly run: string } | { readonly script: string };

/** What may be said beside the computation. */
export interface WorkOptions {
  readonly limits?: SolverDefinition["limits"];
  readonly parameters?: Readonly<Record<string, Json>>;
  readonly version?: number;
  readonly datasets?: readonly InputDataset[];
}

/** A folder with a provider, in which executions are prepared. */
export class Workshop {
  readonly folder: string;
  #count = 0;

  /** @param t runs what it is given once the folder is not needed any more */
  constructor(t: { readonly after: (remove: () => void) => void }) {
    this.folder = mkdtempSync(join(tmpdir(), "almanac-work-"));
    t.after(() => rmSync(this.folder, { recursive: true, force: true }));
    writeFileSync(join(this.folder, "provider.mjs"), providerText);
  }

  /** Writes an execution folder and returns the job for it. */
  prepare(work: Work, options: WorkOptions = {}): Job {
    this.#count += 1;
    const rid = formatRid(this.#count);
    const folder = join(this.folder, "scratch", rid);
    mkdirSync(folder, { recursive: true });
    const limits = options.limits ?? {};
    const definition: SolverDefinition = {
      formatVersion: 1,
      rid,
      group: { rid: formatRid(1000 + this.#count), key: "key" },
      provider: { slug: "contract", version: "1" },
      diagnostic: { slug: "run" in work ? work.run : "script", version: options.version ?? 1, name: "n" },
      fragment: rid,
      selectors: {},
      datasets: options.datasets ?? [],
      fingerprint: "f",
      compatHash: "c",
      parameters: options.parameters ?? {},
      limits,
      computation:
        "run" in work
          ? { kind: "function", module: "provider.mjs" }
          : { kind: "command", argv: ["/bin/sh", "-c", work.script] },
      vocabulary: { dimensions: [] },
      createdAt: "2000-01-01T00:00:00.000Z",
    };
    writeFileSync(join(folder, "execution.json"), writeDefinition(definition));
    return { rid, folder, projectFolder: this.folder, limits };
  }
}

/** How one job ended, with what it left in its folder. */
export interface Ended {
  readonly events: readonly ExecutorEvent[];
  readonly finished: Extract<ExecutorEvent, { kind: "finished" }>;
  readonly outcome: Outcome | undefined;
  /** The outcome's failure, or, without outcome, the one that the executor tells. */
  readonly failureCode: string | undefined;
  readonly log: string;
  readonly artifacts: readonly ManifestArtifact[];
}

/** Follows an executor's events. */
export class Follower {
  readonly #executor: Executor;
  readonly #events = new Map<Rid, ExecutorEvent[]>();
  /** By RID: what waits for an event of it. */
  readonly #waiting = new Map<Rid, (() => void)[]>();
  readonly done: Promise<void>;

  constructor(executor: Executor) {
    this.#executor = executor;
    this.done = this.#follow();
  }

  async #follow(): Promise<void> {
    for await (const event of this.#executor.events()) {
      const known = this.#events.get(event.rid);
      if (known === undefined) this.#events.set(event.rid, [event]);
      else known.push(event);
      const waiting = this.#waiting.get(event.rid) ?? [];
      this.#waiting.delete(event.rid);
      for (const wake of waiting) wake();
    }
  }

  /** Waits until an event of this job and kind has come. */
  async event<K extends ExecutorEvent["kind"]>(
    { rid }: Job,
    kind: K,
  ): Promise<Extract<ExecutorEvent, { kind: K }>> {
    for (;;) {
      const found = this.#events.get(rid)?.find((event) => event.kind === kind);
      if (found !== undefined) return found as Extract<ExecutorEvent, { kind: K }>;
      await new Promise<void>((resolve) => {
        this.#waiting.set(rid, [...(this.#waiting.get(rid) ?? []), resolve]);
      });
    }
  }

  /** Waits for the end of a job and reads its folder. */
  async end(job: Job): Promise<Ended> {
    const finished = await this.event(job, "finished");
    const read = (name: string): string | undefined =>
      existsSync(join(job.folder, name)) ? readFileSync(join(job.folder, name), "utf8") : undefined;
    const text = read("outcome.json");
    const outcome = text === undefined ? undefined : parseOutcome(text);
    return {
      events: this.#events.get(job.rid) ?? [],
      finished,
      outcome,
      failureCode: outcome === undefined ? finished.failure?.code : outcome.failure?.code,
      log: read("execution.log") ?? "",
      artifacts: readManifest(read("manifest.jsonl") ?? "").artifacts,
    };
  }

  /** Submits jobs and waits for their ends. */
  async run(...jobs: readonly Job[]): Promise<readonly Ended[]> {
    await Promise.all(jobs.map((job) => this.#executor.submit(job)));
    return Promise.all(jobs.map((job) => this.end(job)));
  }

  /** Submits one job and waits for its end. */
  async runOne(job: Job): Promise<Ended> {
    const [ended] = await this.run(job);
    assert.ok(ended !== undefined);
    return ended;
  }
}

/** Waits until a file holds a whole line, and returns it. */
export async function lineOf(path: string): Promise<string> {
  for (;;) {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (text.endsWith("\n")) return text.trim();
    await sleep(5);
  }
}
