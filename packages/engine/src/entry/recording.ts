import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createBags } from "../adapters/bag/bags.ts";
import { createExecutionFolders } from "../adapters/files/execution-folder.ts";
import { openFragmentStore } from "../adapters/files/fragment-store.ts";
import { localInputFiles } from "../adapters/files/input-files.ts";
import { makeScratchFolder } from "../adapters/files/scratch-folder.ts";
import { isAlive, ownIdentity } from "../adapters/process-tree/owner.ts";
import { createProcessTrees } from "../adapters/process-tree/process-trees.ts";
import { type CatalogQueue, catalogQueue } from "../app/catalog-queue.ts";
import { clearScratch, type KeepScratch } from "../app/clear-scratch.ts";
import { localPlace } from "../app/records/asset-file.ts";
import type { CodeCapture } from "../app/records/code-capture.ts";
import { computeByFunction, type FunctionPorts, type RunFunction } from "../app/records/compute-function.ts";
import { createDatasetReader } from "../app/records/dataset-reader.ts";
import { readEarlier } from "../app/records/earlier-run.ts";
import type { ComputeRun } from "../app/records/execute-run.ts";
import { publishPending } from "../app/records/publish-pending.ts";
import { readCatalogOf } from "../app/records/read-catalog.ts";
import { refusedRun } from "../app/records/refused-run.ts";
import {
  cancelledRun,
  type OnRecorded,
  type OwnReport,
  previewRun,
  type RunHow,
  runOnce,
} from "../app/records/run-once.ts";
import type { RunPorts } from "../app/records/run-ports.ts";
import type { RunRequest } from "../app/records/run-request.ts";
import { tryRun } from "../app/records/try-run.ts";
import { computeCommand } from "../app/run-command.ts";
import { AlmanacError } from "../core/errors.ts";
import type { NestedEnd } from "../core/execution/run-context.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { DurableObserver } from "../ports/durable.ts";
import type { EventSink } from "../ports/events.ts";
import type { RemoteInputs } from "../ports/remote-inputs.ts";
import { finishingPorts } from "./finishing-ports.ts";
import type { Catalog } from "./project.ts";
import type { Publishing } from "./publishing.ts";
import type { Recording, RunBeside, RunInput } from "./run-input.ts";
import { namedBy, runRequest } from "./run-request.ts";
import type { Stores } from "./stores.ts";
import { systemClock } from "./system-clock.ts";
import { graceMs } from "./worker/program.ts";

/** What recording runs is made of. */
export interface RecordingParts extends Stores {
  readonly catalog: Catalog;
  readonly folder: string;
  readonly publishing: Publishing;
  readonly observer: DurableObserver;
  readonly emit: EventSink;
  readonly code: CodeCapture;
  readonly remote: RemoteInputs;
  readonly keepScratch: KeepScratch;
  /** Runs that this process works on, whoever asked for them. */
  readonly underWay: Set<Rid>;
}

/** Wires what records runs. */
export function createRecording(parts: RecordingParts): Recording {
  const queue = catalogQueue(parts.catalog);
  const ports = runPorts(parts, queue);
  const publisher = (signal: AbortSignal) =>
    stoppable(parts.publishing.publisher(queue, { signal, emit: parts.emit }), signal);
  const recording: Recording = {
    run: async (input, beside) => {
      const { dryRun = false, allowDirty = dryRun } = input;
      const { request, warnings } = await runRequest(input, { code: parts.code, allowDirty, ports });
      using cancelled = cancelling(beside.control.cancel);
      const ends: NestedEnd[] = [];
      const nested = nestedIn(recording, { input, beside, ended: (part) => void ends.push(part) });
      const earlier = await earlierOf(input, parts);
      const compute = computeOf(input, { parts, ports, beside, nested, earlier });
      const { signal } = cancelled;
      using working = workingOn(parts.underWay, beside.recorded);
      const how = { compute, signal, recorded: working.recorded };
      const report = dryRun
        ? await tryIn(parts, { request, how, ports })
        : await runOnce(request, {
            how,
            ports: { ...ports, assets: parts.catalog.assets, publish: publisher(signal) },
          });
      const remarks = [...warnings, ...report.remarks, ...(earlier?.remarks() ?? [])];
      return { ...report, remarks, parts: ends };
    },
    publish: async (options) => {
      const { catalog, scratch, results, keepScratch, underWay } = parts;
      const published = await publishPending(options, {
        ...finishingPorts({ ...parts, ...ports, publish: publisher(options.signal) }),
        results,
        isUnderWay: (rid) => underWay.has(rid),
        sleep: async (seconds, signal) => sleep(seconds * 1000, undefined, { signal }),
        random: Math.random,
      });
      // Also what a process left that was killed between publishing and clearing.
      await clearScratch({ executions: catalog.executions, scratch, keepScratch, alive: isAlive });
      return published;
    },
    preview: async (input) => {
      const { request, warnings } = await runRequest(input, { code: parts.code, allowDirty: true, ports });
      return { definition: await previewRun(request, ports), warnings };
    },
    refuse: async (input, refusal) => {
      throw await refusedRun(refusal, { named: namedBy(input), ports });
    },
  };
  return recording;
}

/** Notes which run this process works on, as long as it does. */
function workingOn(
  underWay: Set<Rid>,
  recorded: RunBeside["recorded"],
): Disposable & { readonly recorded: OnRecorded } {
  let own: Rid | undefined;
  return {
    recorded: async (definition) => {
      own = definition.rid;
      underWay.add(own);
      await recorded?.(definition);
    },
    [Symbol.dispose]: () => {
      if (own !== undefined) underWay.delete(own);
    },
  };
}

type Publisher = ReturnType<Publishing["publisher"]>;

/** Says of a publication that was ended what is to be done; what it had copied stays. */
function stoppable(publish: Publisher, signal: AbortSignal): Publisher {
  return async (ended) => {
    const was = signal.aborted;
    try {
      return await publish(ended);
    } catch (error) {
      if (was || !signal.aborted) throw error;
      const { rid } = ended.definition;
      throw new AlmanacError("INTERRUPTED", `stopped while ${rid} was being published; it waits`, {
        hint: `almanac publish ${rid}`,
        facts: { rid },
        cause: error,
      });
    }
  };
}

/** What is left of the run that is resumed, and what to say if nobody took it over. */
async function earlierOf(
  { earlier }: RunInput,
  { scratch }: RecordingParts,
): Promise<(NonNullable<FunctionPorts["earlier"]> & { remarks(): readonly string[] }) | undefined> {
  if (earlier?.resumed !== true) return undefined;
  const left = await readEarlier(earlier, scratch);
  const values = left.values.scalars.length + left.values.series.length;
  let taken = left.files.length + left.features.length + left.tables.size + values === 0;
  return {
    left,
    taken: () => {
      taken = true;
    },
    remarks: () =>
      taken
        ? []
        : [
            `${earlier.rid} had registered ${counted(left.files.length, "file")}, staged ` +
              `${counted(left.features.length, "feature record")} and ${counted(left.tables.size, "record table")}, and ` +
              `given ${counted(values, "value")}: nothing of it was taken over (execution.resumed.takeOver)`,
          ],
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Runs the parts of a run: its code, its configuration where they have none, in the same way. */
function nestedIn(
  recording: Recording,
  {
    input,
    beside,
    ended,
  }: {
    readonly input: RunInput;
    readonly beside: RunBeside;
    /** Told how each part ended. */
    readonly ended: (part: NestedEnd) => void;
  },
): FunctionPorts["nested"] {
  const { target } = input;
  const module = target.kind === "command" ? target.script : target.module;
  const { earlier: _, ...whole } = input;
  return async ({ run, config, description, inputs, assets, datasets, sequence }, parent) => {
    const { rid, state, failure } = await recording.run(
      {
        ...whole,
        target: { kind: "block", module, run },
        description,
        parameters: config ?? parent.parameters,
        inputs: inputs ?? [],
        assets: assets ?? [],
        datasets: datasets ?? [],
        parent: { rid: parent.rid, ...(sequence === undefined ? {} : { sequence }) },
      },
      { control: beside.control, capture: beside.capture },
    );
    const end = { rid, state, ...(failure === undefined ? {} : { failure }) };
    ended(end);
    return end;
  };
}

/** The signal that ends a computation once the person cancels it; an error of the person's own is kept as the reason. */
function cancelling(cancel: AbortSignal): { readonly signal: AbortSignal } & Disposable {
  const cancelled = new AbortController();
  const end = (): void =>
    cancelled.abort(cancel.reason instanceof AlmanacError ? cancel.reason : cancelledRun());
  if (cancel.aborted) end();
  cancel.addEventListener("abort", end, { once: true });
  return { signal: cancelled.signal, [Symbol.dispose]: () => cancel.removeEventListener("abort", end) };
}

/** A dry run: in a scratch folder of its own that is gone afterwards. */
async function tryIn(
  { observer }: RecordingParts,
  { request, how, ports }: { readonly request: RunRequest; readonly how: RunHow; readonly ports: RunPorts },
): Promise<OwnReport> {
  const folder = await mkdtemp(path.join(tmpdir(), "almanac-dry-run-"));
  try {
    const scratch = openFragmentStore(folder, observer);
    const prepare: RunPorts["prepare"] = async (fragment, file) =>
      makeScratchFolder(scratch.folder(fragment), { file, observer });
    return await tryRun(request, { how, ports: { ...ports, scratch, prepare } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function computeOf(
  { target, workingFolder }: RunInput,
  {
    parts,
    ports,
    beside,
    nested,
    earlier,
  }: {
    readonly parts: RecordingParts;
    readonly earlier: FunctionPorts["earlier"];
    readonly ports: RunPorts;
    readonly beside: RunBeside;
    readonly nested: FunctionPorts["nested"];
  },
): ComputeRun {
  if (target.kind === "command")
    return (computation) => computeCommand({ ...computation, workingFolder }, { ports: ports.worker });
  const catalog = readCatalogOf(parts.catalog);
  const run: RunFunction =
    target.kind === "block"
      ? target.run
      : (execution) => target.run({ config: execution.config, execution, catalog });
  return computeByFunction(run, { ...ports, capture: beside.capture, nested, earlier, progress: () => {} });
}

/** How authored datasets that are inputs become bags. */
function baggingPorts({ catalog, results, folder, remote, observer }: RecordingParts): RunPorts["bagging"] {
  const { assets, executions, vocabularies } = catalog;
  const places = { results, projectFolder: folder };
  const reader = createDatasetReader(catalog, {
    source: "the catalog",
    fileOf: (asset) => localPlace(asset, places),
  });
  const bags = createBags({ observer, cache: remote.cache });
  return { assets, executions, vocabularies, reader, bags, places };
}

function runPorts(parts: RecordingParts, queue: CatalogQueue): RunPorts {
  const { catalog, scratch, results, publishing, observer, folder, emit } = parts;
  return {
    runs: catalog.runs,
    declarations: catalog,
    assets: catalog.assets,
    datasets: catalog.datasets,
    authored: catalog.authored,
    files: localInputFiles(),
    remote: parts.remote,
    bagging: baggingPorts(parts),
    projectFolder: folder,
    scratch,
    results,
    transitions: queue,
    publish: publishing.publisher(queue),
    worker: {
      folders: createExecutionFolders(observer),
      trees: createProcessTrees(),
      clock: systemClock,
      graceMs,
    },
    prepare: async (fragment, file) => makeScratchFolder(scratch.folder(fragment), { file, observer }),
    owner: ownIdentity(),
    vocabulary: publishing.vocabulary(),
    emit,
  };
}
