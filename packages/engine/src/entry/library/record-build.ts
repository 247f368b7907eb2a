import { copyFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { RunReport } from "../../app/records/run-once.ts";
import type { BuildOptions } from "../../app/steps/build-context.ts";
import type { BuildReport } from "../../app/steps/get-products.ts";
import type { RecordedBuild, StoredForm } from "../../app/steps/record-build.ts";
import type { RunContext } from "../../core/execution/run-context.ts";
import type { StepEvent } from "../../core/steps/events.ts";
import { reasonText } from "../../core/steps/explanation.ts";
import { recordedConfiguration } from "../../core/steps/recorded-configuration.ts";
import type { OutputCapture } from "../../ports/output-capture.ts";
import type { Project } from "../project.ts";
import { regularFiles } from "./regular-files.ts";
import type { WorkflowRunner } from "./workflow-runner.ts";

/** What of a runner records builds: one of any products. */
export type BuildRunner = Pick<
  WorkflowRunner<unknown, unknown>,
  "source" | "config" | "leaves" | "plan" | "declaredFiles" | "buildRecorded" | "observe"
>;

/** A build that is to be an execution in the catalog. */
export interface BuildToRecord extends Pick<BuildOptions, "jobs" | "keepGoing" | "force"> {
  /** The open project that the build is recorded in. */
  readonly project: Project;
  readonly runner: BuildRunner;
  /** Products, or steps without product by their name; default: every product that nothing requires. */
  readonly products?: readonly string[];
  /** What the build is for, in Markdown. */
  readonly description?: string;
  /** Builds with code that differs from its commit; the difference is stored. */
  readonly allowDirty?: boolean;
  /** Ends the build when it aborts. */
  readonly signal?: AbortSignal;
  /** Ends it without waiting for steps that still run. */
  readonly cut?: AbortSignal;
  readonly commandLine?: readonly string[];
}

/** How a recorded build ended. */
export interface RecordedBuildReport {
  /** The execution in the catalog, and the assets it stored. */
  readonly execution: RunReport;
  /** Undefined when the build could not begin, or was given up. */
  readonly build: BuildReport | undefined;
}

/** What the document beside the products is called. */
const documentName = "build.json";

const never = new AbortController().signal;

/** What steps print belongs to whoever builds. */
const uncaptured: OutputCapture = (_, run) => run();

/**
 * Builds products as a recorded execution: its workflow is the pipeline's code, its parameters the configuration, its
 * inputs the files that its steps declare, its assets the products that were asked for, built or loaded; `build.json` says of each step what became of it and why. A
 * failing step makes a failed execution, which the report tells of.
 * @throws UNKNOWN_NAME, CODE_DIRTY and what planning throws before anything is written
 * @example
 * const { execution } = await recordBuild({ project, runner, products: ["figure"], description: "for the paper" });
 */
export async function recordBuild(build: BuildToRecord): Promise<RecordedBuildReport> {
  const { project, runner, products = runner.leaves(), description, allowDirty, signal, commandLine } = build;
  const { pipeline, module, products: place } = runner.source;
  const plan = await runner.plan(products, optionsOf(build));
  let building: Promise<RecordedBuild> | undefined;
  const run = async (execution: RunContext): Promise<void> => {
    const file = await announce(execution);
    await writeFile(file, documentText({ pipeline, asked: products, plan }));
    building = runner.buildRecorded(products, optionsOf(build, execution.signal));
    const { report, record, stored } = await building;
    await writeFile(file, documentText({ ...record, plan }));
    const [failure] = report.failures;
    if (failure !== undefined) throw failure.error;
    for (const form of stored) await register(form, execution);
  };
  const recording = await project.recording();
  const input = {
    ...{
      origin: "build" as const,
      workflow: { name: pipeline },
      description,
      writes: place === undefined ? [] : [path.resolve(place)],
    },
    inputs: regularFiles(runner.declaredFiles(products)),
    target: { kind: "block" as const, module: fileOf(module), run: logged(runner, run) },
    parameters: recordedConfiguration(runner.config),
    ...(allowDirty === undefined ? {} : { allowDirty }),
    ...(commandLine === undefined ? {} : { commandLine }),
    workingFolder: process.cwd(),
  };
  const execution = await recording.run(input, { control: { cancel: signal ?? never }, capture: uncaptured });
  // One that was given up may still be ending its steps; the failure itself is in the execution.
  const [end] = await Promise.allSettled([building]);
  return { execution, build: end.status === "fulfilled" ? end.value?.report : undefined };
}

function optionsOf({ jobs, keepGoing, force, cut }: BuildToRecord, signal?: AbortSignal): BuildOptions {
  return {
    ...(cut === undefined ? {} : { cut }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(keepGoing === undefined ? {} : { keepGoing }),
    ...(force === undefined ? {} : { force }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function documentText(value: object): string {
  return `${JSON.stringify({ formatVersion: 1, ...value }, null, 1)}\n`;
}

async function announce(execution: RunContext): Promise<string> {
  const type = "execution-metadata";
  return execution.outputPath(documentName, {
    ...{ kind: type, types: [type], keepOnFailure: true },
    description: "Plan of the build, and what became of each step",
  });
}

/** Steps that ran stand in the log of the execution too. */
function logged(
  runner: BuildRunner,
  run: (execution: RunContext) => Promise<void>,
): (execution: RunContext) => Promise<void> {
  return async (execution) => {
    const forget = runner.observe((event) => log(event, execution));
    try {
      await run(execution);
    } finally {
      forget();
    }
  };
}

function log(event: StepEvent, { log: lines }: RunContext): void {
  if (event.kind === "built") lines.info(`built ${event.step} (${event.reasons.map(reasonText).join("; ")})`);
  if (event.kind === "failed") lines.error(`failed ${event.step}: ${event.message}`);
  if (event.kind === "warning" || event.kind === "load-failed") lines.warn(`${event.step}: ${event.message}`);
}

/** File extension by codec, for people; the codec stands in the metadata. */
const extensions: Readonly<Record<string, string>> = { text: "txt", json: "json" };

/** Leaves a product's files, copied: what the store keeps may be collected. */
async function register(form: StoredForm, execution: RunContext): Promise<void> {
  const { product, step, key, digest, files } = form;
  const encoded = await form.encoded();
  const metadata = { product, step, key, digest };
  const description = `Product ${product} of step ${step}`;
  if (encoded !== undefined) {
    const { codec, bytes } = encoded;
    const place = `products/${product}.${extensions[codec] ?? "bin"}`;
    await writeFile(execution.outputPath(place, { description, metadata: { ...metadata, codec } }), bytes);
  }
  for (const { path: name, from } of files) {
    const place = execution.outputPath(`products/${product}/${name}`, { description, metadata });
    await mkdir(path.dirname(place), { recursive: true });
    await copyFile(from, place);
  }
}

function fileOf(module: string | undefined): string | undefined {
  if (module === undefined) return undefined;
  return module.startsWith("file:") ? fileURLToPath(module) : path.resolve(module);
}
