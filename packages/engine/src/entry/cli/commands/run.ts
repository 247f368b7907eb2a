import path from "node:path";
import type { Command } from "commander";
import type { RunReport } from "../../../app/records/run-once.ts";
import { requireExecution } from "../../../app/require-execution.ts";
import { AlmanacError } from "../../../core/errors.ts";
import type { RunDefinition } from "../../../core/execution/definition.ts";
import { type Rid, requireRid } from "../../../core/identity/rid.ts";
import type { Project } from "../../project.ts";
import { endInterrupted, requireRun, runAgain } from "../../run-again.ts";
import type { Recording, RunInput } from "../../run-input.ts";
import {
  commandTarget,
  type FoundTarget,
  findTarget,
  functionTarget,
  type RunTarget,
} from "../../run-target.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { containCode } from "../contain-code.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "../output.ts";
import { seconds } from "../paging.ts";
import { type Progress, progressSink } from "../progress.ts";
import { parameterOf, runText, runValue, saveRids } from "../run-view.ts";
import { solveControl } from "../solve-view.ts";

interface Flags extends DocumentFlags {
  readonly input?: readonly string[];
  readonly asset?: readonly string[];
  readonly dataset?: readonly string[];
  readonly allowDraft?: boolean;
  readonly parameter?: Readonly<Record<string, RunDefinition["parameters"][string]>>;
  readonly description?: string;
  readonly name?: string;
  readonly type?: readonly string[];
  readonly allowDirty?: boolean;
  readonly dryRun?: boolean;
  readonly from?: string;
  readonly resume?: string;
  readonly timeout?: number;
}

/** `almanac run`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withDocumentFormat(command)
      .argument("[target...]", "module.ts#function, or -- and a command line")
      .option("--from <rid>", "the same once more, from what a recorded run says; parameters given change it")
      .option("--resume <rid>", "bring a run that was killed to its end: publish it, else run it once more")
      .option("--input <file...>", "local files as inputs")
      .option("--asset <rid...>", "assets of the catalog as inputs")
      .option(
        "--dataset <name...>",
        "datasets of the catalog as inputs: id or RID; RID@version of authored ones",
      )
      .option("--allow-draft", "take drafts of authored datasets (RID@draft) as inputs; it is recorded")
      .option("-p, --parameter <name=value>", "one parameter; the value is JSON, else text", parameterOf)
      .option("--description <text>", "what the run is for, in Markdown")
      .option("--name <name>", "name of the workflow (default: that of the code)")
      .option("--type <type...>", "types of the workflow")
      .option("--timeout <seconds>", "end the computation after so many seconds", seconds)
      .option("--allow-dirty", "run code that differs from its commit; the difference is stored")
      .option("--dry-run", "find and check everything that is named; write nothing")
      .action(async (words: string[], flags: Flags) => runCommand({ words, flags, command }, context));
  },
};

interface Asked {
  readonly words: readonly string[];
  readonly flags: Flags;
  readonly command: Command;
}

/** What is to be run, and with what. */
interface Run {
  readonly input: Omit<RunInput, "target">;
  readonly found: FoundTarget;
}

async function runCommand({ words, flags, command }: Asked, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const capture = await captureOutput(terminal.cancel);
  const earlier = flags.resume ?? flags.from;
  requireOneTarget(words, earlier);
  // Checked before the project is opened: a mistyped name is told at once.
  const { cwd } = terminal;
  const asked: Run | undefined =
    earlier === undefined
      ? {
          input: inputOf({ words, flags, cwd }),
          found: await findTarget(() => targetOf(words, { command, cwd })),
        }
      : undefined;
  using progress = progressSink(context);
  const access = flags.dryRun === true ? "read" : "write";
  await using project = await openFrom(context, { access, emit: progress.emit }).catch((error: unknown) => {
    // Where nothing can be looked up, the code alone can be told.
    throw asked !== undefined && "refusal" in asked.found ? asked.found.refusal : error;
  });
  const recording = await project.recording();
  if (flags.resume !== undefined && (await resumed({ project, recording, context, flags }))) return;
  const { found, input: named } = asked ?? (await fromEarlier(requireRid(earlier ?? ""), { project, flags }));
  if ("refusal" in found) return await recording.refuse(named, found.refusal);
  const { target } = found;
  const input: RunInput = { ...named, target };
  const previews = target.kind === "function" && target.preview;
  if (flags.dryRun === true && !previews) {
    const { definition, warnings } = await recording.preview(input);
    say(progress, warnings);
    const text = `${runText({ definition, state: "created", stored: [] })}\ndry run: nothing was written`;
    writeDocument({ kind: "run", value: { dryRun: true, definition }, text }, { terminal, flags });
    return;
  }
  using control = solveControl(terminal, { timeoutSeconds: undefined, say: progress.say });
  const report = await recording.run(input, {
    control,
    capture,
    recorded: (definition) => saveRids(definition, { terminal, catalogFile: project.catalogFile }),
  });
  progress.end();
  say(progress, report.remarks);
  conclude(report, { context, flags });
}

function requireOneTarget(words: readonly string[], earlier: string | undefined): void {
  if (words.length > 0 === (earlier === undefined)) return;
  throw new AlmanacError("USAGE", words.length > 0 ? "a run has one target" : "there is nothing to run", {
    hint: "name a function (module.ts#function), a command line after --, or an earlier run with --from",
  });
}

/** Publishes a run that had been computed. @returns false when it is to be run once more */
async function resumed({
  project,
  recording,
  context: { terminal },
  flags,
}: {
  readonly project: Project;
  readonly recording: Recording;
  readonly context: CommandContext;
  readonly flags: Flags;
}): Promise<boolean> {
  const asked = requireRid(flags.resume ?? "");
  const { executions } = project.catalog;
  const found =
    flags.dryRun === true
      ? await requireExecution(asked, executions)
      : await endInterrupted(asked, { project, recording, signal: terminal.stop });
  if (found.state !== "published") return false;
  const { rid, state } = found;
  const text = `${rid}  published: there is nothing to resume; almanac run --from ${rid} runs it once more`;
  writeDocument({ kind: "run", value: { rid, state }, text }, { terminal, flags });
  return true;
}

async function fromEarlier(
  rid: Rid,
  { project, flags }: { readonly project: Project; readonly flags: Flags },
): Promise<Run> {
  const definition = await requireRun(rid, project.catalog.executions);
  const resumes = flags.resume !== undefined;
  const { input, found } = await runAgain(definition, { folder: project.folder, resumed: resumes });
  const { description = input.description, allowDirty = false, dryRun = false } = flags;
  const parameters = { ...input.parameters, ...flags.parameter };
  return { found, input: { ...input, description, parameters, allowDirty, dryRun } };
}

function say(progress: Progress, remarks: readonly string[]): void {
  for (const remark of remarks) progress.say(`warning: ${remark}`);
}

function conclude(
  report: RunReport,
  { context, flags }: { readonly context: CommandContext; readonly flags: Flags },
): void {
  const { dryRun = false } = flags;
  const ending = dryRun ? "\ndry run: nothing was written" : "";
  writeDocument(
    { kind: "run", value: { dryRun, ...runValue(report) }, text: `${runText(report)}${ending}` },
    { terminal: context.terminal, flags },
  );
  if (report.state === "aborted")
    throw new AlmanacError("INTERRUPTED", `the run ${report.rid} was cancelled`, {
      hint: `almanac executions show ${report.rid}`,
    });
  if (report.state !== (dryRun ? "completed" : "published")) context.exit(4);
}

/** What a function prints goes to the log of its execution; this takes over the streams of the process, once. */
async function captureOutput(cancelled: AbortSignal) {
  const { captureStandardStreams } = await import("../../../adapters/output-capture/standard-streams.ts");
  return containCode(captureStandardStreams(), cancelled);
}

async function targetOf(
  words: readonly string[],
  { command, cwd }: { readonly command: Command; readonly cwd: string },
): Promise<RunTarget> {
  if (isCommandLine(words, command)) return commandTarget(words, cwd);
  const [target = "", ...others] = words;
  if (others.length > 0)
    throw new AlmanacError("USAGE", `"${others[0]}" is too much: a function is run by its name alone`, {
      hint: "parameters: -p name=value; a command line: almanac run -- command arguments",
    });
  return functionTarget(target, cwd);
}

/** True when the words follow a `--`, which commander does not tell of otherwise. */
function isCommandLine(words: readonly string[], command: Command): boolean {
  let root: Command = command;
  while (root.parent !== null) root = root.parent;
  const { rawArgs } = root as Command & { readonly rawArgs: readonly string[] };
  const dashes = rawArgs.indexOf("--");
  return dashes >= 0 && rawArgs.length - dashes - 1 === words.length;
}

function inputOf({
  words,
  flags,
  cwd,
}: {
  readonly words: readonly string[];
  readonly flags: Flags;
  readonly cwd: string;
}): Run["input"] {
  const { name, type: types, timeout } = flags;
  const given = { ...(name === undefined ? {} : { name }), ...(types === undefined ? {} : { types }) };
  return {
    ...(Object.keys(given).length === 0 ? {} : { workflow: given }),
    description: flags.description,
    dryRun: flags.dryRun === true,
    parameters: flags.parameter ?? {},
    inputs: flags.input ?? [],
    assets: flags.asset ?? [],
    datasets: flags.dataset ?? [],
    allowDraft: flags.allowDraft === true,
    limits: timeout === undefined ? {} : { timeoutSeconds: timeout },
    allowDirty: flags.allowDirty === true,
    commandLine: [
      "almanac",
      "run",
      ...words.map((word) => (path.isAbsolute(word) ? path.relative(cwd, word) : word)),
    ],
    workingFolder: cwd,
  };
}
