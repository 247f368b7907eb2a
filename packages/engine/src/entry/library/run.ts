import path from "node:path";
import { fileURLToPath } from "node:url";
import { type ModelArguments, readCatalogOf } from "../../app/records/read-catalog.ts";
import type { RunReport } from "../../app/records/run-once.ts";
import { type OpenRun, openRun } from "../../app/records/run-session.ts";
import { AlmanacError } from "../../core/errors.ts";
import type { RunContext } from "../../core/execution/run-context.ts";
import { requireRid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import type { OutputCapture } from "../../ports/output-capture.ts";
import type { Project } from "../project.ts";
import { endInterrupted, requireRun, sameInputs } from "../run-again.ts";
import type { RunInput } from "../run-input.ts";

import { requireArguments } from "./required-arguments.ts";

/** What a recorded run is to be: its code, its inputs, its configuration. */
export interface ExecutionConfiguration
  extends Omit<RunInput, "target" | "commandLine" | "workingFolder" | "parameters"> {
  /** The open project that the run is recorded in; of a dry run it may be open for reading only. */
  readonly project: Project;
  /** File or file URL that holds the code: `import.meta.url`. It tells which workflow ran. */
  readonly code?: string | URL;
  /** The resolved configuration; the run gets it as `execution.config`. */
  readonly config?: Readonly<Record<string, Json>>;
  /** Ends the run when it aborts. */
  readonly signal?: AbortSignal;
}

/** What prints belong to the caller, who has a process of their own. */
const uncaptured: OutputCapture = (_, run) => run();

const never = new AbortController().signal;

/**
 * Runs a block of code as a recorded execution. Leaving the block ends the computation, and what it left is published
 * then; an error of the block fails the execution and is thrown again.
 * @returns what the block returned, and how the execution ended
 * @throws RUN_INVALID, CODE_DIRTY before anything is written; what the block throws
 * @example
 * await withExecution({ project, code: import.meta.url, inputs: ["data.csv"] }, async (execution) => {
 *   await writeFile(execution.outputPath("model.json"), train(execution.asset("data.csv").localPath));
 * });
 */
export async function withExecution<T>(
  configuration: ExecutionConfiguration,
  body: (execution: RunContext) => T | Promise<T>,
): Promise<{ readonly value: T; readonly report: RunReport }> {
  await requireArguments("withExecution", configuration, body);
  let value: { readonly value: T } | undefined;
  let thrown: { readonly error: unknown } | undefined;
  const report = await record(configuration, async (execution) => {
    try {
      value = { value: await body(execution) };
    } catch (error) {
      thrown = { error };
      throw error;
    }
  });
  if (thrown !== undefined) throw thrown.error;
  if (value === undefined) throw notRun(report);
  return { ...value, report };
}

/** What `almanac run` does with a function, as a call. */
export interface RunModelOptions extends ExecutionConfiguration {
  /** Gets configuration and inputs, registers what it leaves, returns nothing. */
  readonly model: (given: ModelArguments) => unknown;
}

/**
 * Runs a function as a recorded execution and publishes what it left. A function that throws makes a failed execution,
 * which the report tells of.
 * @throws RUN_INVALID, CODE_DIRTY before anything is written
 */
export async function runModel(options: RunModelOptions): Promise<RunReport> {
  await requireArguments("runModel", options);
  const { model, ...configuration } = options;
  const catalog = readCatalogOf(configuration.project.catalog);
  return record(configuration, (execution) => model({ config: execution.config, execution, catalog }));
}

/**
 * Starts a recorded execution that goes on until `complete`, `fail` or `abort` is called on it. With `await using`, one
 * that was left without any of them is given up.
 * @throws RUN_INVALID, CODE_DIRTY before anything is written; FILE_MISSING when an input cannot be had
 */
export async function startExecution(configuration: ExecutionConfiguration): Promise<OpenRun> {
  await requireArguments("startExecution", configuration);
  return openRun((run, signal) => {
    const signals = configuration.signal === undefined ? [signal] : [signal, configuration.signal];
    return record({ ...configuration, signal: AbortSignal.any(signals) }, run);
  });
}

/** Which run to go on with. */
export interface ResumeConfiguration
  extends Pick<ExecutionConfiguration, "project" | "code" | "signal" | "allowDirty"> {
  /** RID of the run that was interrupted. */
  readonly rid: string;
}

/**
 * Goes on with a recorded execution that was interrupted, as a new one that says which it resumes: with the same
 * configuration, description, datasets and assets, and with what the earlier one had registered, staged and given taken
 * over.
 * @throws TRANSITION_REFUSED when it had been computed: it is published then, and there is nothing to go on with
 * @throws RUN_INVALID when a dataset is another one by now, UNKNOWN_NAME when there is no such run, CONFLICT while a
 * process works on it; and what `startExecution` throws
 * @example await using open = await resumeExecution({ project, rid: "3JSE", code: import.meta.url });
 */
export async function resumeExecution(configuration: ResumeConfiguration): Promise<OpenRun> {
  await requireArguments("resumeExecution", configuration);
  const { project, code, signal: given = never, allowDirty } = configuration;
  const rid = requireRid(configuration.rid);
  const recording = await project.recording();
  const { state } = await endInterrupted(rid, { project, recording, signal: given });
  if (state === "published")
    throw new AlmanacError("TRANSITION_REFUSED", `the run ${rid} had been computed, and is published`, {
      hint: `almanac executions show ${rid}`,
      facts: { rid },
    });
  const definition = await requireRun(rid, project.catalog.executions);
  const input = {
    ...sameInputs(definition, { resumed: true }),
    ...(allowDirty === undefined ? {} : { allowDirty }),
    workingFolder: process.cwd(),
  };
  return openRun((run, signal) => {
    const takeOver = (execution: RunContext): unknown => {
      execution.resumed?.takeOver();
      return run(execution);
    };
    const target = { kind: "block", module: fileOf(code), run: takeOver } as const;
    const cancel = AbortSignal.any([signal, given]);
    return recording.run({ ...input, target }, { control: { cancel }, capture: uncaptured });
  });
}

async function record(
  { project, code, config, signal, ...input }: ExecutionConfiguration,
  run: (execution: RunContext) => unknown,
): Promise<RunReport> {
  const recording = await project.recording();
  return recording.run(
    {
      ...input,
      ...(config === undefined ? {} : { parameters: config }),
      target: { kind: "block", module: fileOf(code), run },
      workingFolder: process.cwd(),
    },
    { control: { cancel: signal ?? never }, capture: uncaptured },
  );
}

function fileOf(code: string | URL | undefined): string | undefined {
  if (code === undefined) return undefined;
  const text = String(code);
  return text.startsWith("file:") ? fileURLToPath(text) : path.resolve(text);
}

function notRun({ rid, failure }: RunReport): AlmanacError {
  return new AlmanacError(
    "FILE_MISSING",
    `the run ${rid} could not begin: ${failure?.message ?? "cancelled"}`,
    {
      hint: `almanac executions show ${rid}`,
    },
  );
}
