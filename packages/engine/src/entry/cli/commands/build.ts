import type { RunReport } from "../../../app/records/run-once.ts";
import type { BuildOptions } from "../../../app/steps/build-context.ts";
import type { BuildReport } from "../../../app/steps/get-products.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { explanationText } from "../../../core/steps/explanation.ts";
import { buildProgress, planColumns } from "../build-view.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type ListingFlags, withFormat, writeDocument, writeListing } from "../output.ts";
import { oneOrMore } from "../paging.ts";
import { type AnyRunner, openRunner, type PipelineFlags, withPipeline } from "../pipeline-flags.ts";
import { runText, runValue } from "../run-view.ts";
import type { Terminal } from "../terminal.ts";
import { keepYoungGenerationSmall } from "../young-generation.ts";

interface Flags extends ListingFlags, PipelineFlags {
  readonly plan?: boolean;
  readonly explain?: boolean;
  readonly jobs?: number;
  readonly keepGoing?: boolean;
  readonly force?: readonly string[];
  readonly check?: number;
  readonly record?: boolean;
  readonly description?: string;
  readonly allowDirty?: boolean;
}

/** `almanac build`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withPipeline(withFormat(command))
      .argument(
        "[product...]",
        "products, or steps without product (default: every product that nothing requires)",
      )
      .option("--plan", "show what would run, and why; run nothing")
      .option("--explain", "explain the products down to the root causes; run nothing")
      .option("--jobs <n>", "steps at once (default: 4)", oneOrMore)
      .option("--keep-going", "after a failure go on with what does not depend on it")
      .option("--force <product...>", "run the steps of these products whatever is stored")
      .option("--check <n>", "run so many of the stored steps again and compare; store nothing", oneOrMore)
      .option(
        "--record",
        "record the build as an execution in the project's catalog, what was asked for as its assets",
      )
      .option("--description <text>", "with --record: what the build is for, in Markdown")
      .option(
        "--allow-dirty",
        "with --record: build with code that differs from its commit; the difference is stored",
      )
      .action(async (products: string[], flags: Flags) => {
        requireRecording(flags);
        requireOneView(flags);
        using young = keepYoungGenerationSmall();
        // Awaited below: the runner must not be closed before it has been used.
        await using runner = await openRunner(context, flags);
        runner.observe(({ kind }) => void (kind === "building" && young[Symbol.dispose]()));
        const names = products.length === 0 ? runner.leaves() : products;
        if (flags.plan === true) return await showPlan(context, runner, { names, flags });
        if (flags.explain === true) return await showExplanations(context, runner, { names, flags });
        if (flags.check !== undefined) return await check(context, runner, { names, flags });
        const built = flags.record === true ? buildAndRecord : build;
        return await built(context, runner, { names, flags });
      });
  },
};

/** What only a recorded build has is refused without one, and the other way round. */
function requireRecording({ record, description, allowDirty, plan, explain, check }: Flags): void {
  if (record !== true && (description !== undefined || allowDirty === true))
    throw new AlmanacError("USAGE", "--description and --allow-dirty are of recorded builds", {
      hint: "almanac build --record",
    });
  if (record === true && (plan === true || explain === true || check !== undefined))
    throw new AlmanacError("USAGE", "--plan, --explain and --check build nothing that could be recorded", {
      hint: "leave --record out",
    });
}

/** What only shows is asked for one at a time. */
function requireOneView({ plan, explain, check }: Flags): void {
  const asked = [
    plan === true && "--plan",
    explain === true && "--explain",
    check !== undefined && "--check",
  ];
  const views = asked.filter((each) => each !== false);
  if (views.length < 2) return;
  throw new AlmanacError("USAGE", `${views.join(" and ")} cannot be had at once`, {
    hint: `leave one of them out`,
  });
}

interface Asked {
  readonly names: readonly string[];
  readonly flags: Flags;
}

function optionsOf({ jobs, keepGoing, force }: Flags, terminal?: Terminal): BuildOptions {
  return {
    ...(jobs === undefined ? {} : { jobs }),
    ...(keepGoing === undefined ? {} : { keepGoing }),
    ...(force === undefined ? {} : { force }),
    ...(terminal === undefined ? {} : { signal: terminal.stop, cut: terminal.cancel }),
  };
}

async function showPlan(
  { terminal }: CommandContext,
  runner: AnyRunner,
  { names, flags }: Asked,
): Promise<void> {
  const all = await runner.plan(names, optionsOf(flags));
  const items = all.filter(({ decision }) => decision !== "hit");
  await writeListing(
    { kind: "step-plan", noun: "planned steps", items, total: items.length, columns: planColumns },
    { terminal, flags },
  );
}

async function showExplanations(
  { terminal }: CommandContext,
  runner: AnyRunner,
  { names, flags }: Asked,
): Promise<void> {
  const items = [];
  for (const name of names) items.push(await runner.explain(name));
  const text = items.map(explanationText).join("\n\n");
  const { format } = flags;
  writeDocument(
    { kind: "step-explanations", value: { items, total: items.length }, text },
    {
      terminal,
      flags: { ...(flags.json === true ? { json: true } : {}), ...(format === "ndjson" ? { format } : {}) },
    },
  );
}

async function check(
  { terminal, exit }: CommandContext,
  runner: AnyRunner,
  { names, flags }: Asked,
): Promise<void> {
  const { checked, differing, skipped } = await runner.check(flags.check ?? 1, names, {
    signal: terminal.stop,
    cut: terminal.cancel,
  });
  for (const { step, product } of differing)
    terminal.out(`differs  ${product} (${step}): the step is not deterministic\n`);
  terminal.err(
    `${checked.length} steps run again, ${differing.length} products differ, ${skipped.length} steps skipped\n`,
  );
  if (differing.length > 0) exit(9);
}

/** In a terminal: from the first step on, a second Ctrl-C ends even a step that does not pause. */
async function watchedSteps({ live }: Terminal, runner: AnyRunner): Promise<Disposable> {
  const steps = new DisposableStack();
  if (!live) return steps;
  const { watchInterrupts } = await import("../../../adapters/process-tree/interrupt-watch.ts");
  const forget = runner.observe(({ kind }) => {
    if (kind !== "building") return;
    forget();
    steps.use(watchInterrupts());
  });
  return steps;
}

async function build(context: CommandContext, runner: AnyRunner, { names, flags }: Asked): Promise<void> {
  const { terminal } = context;
  using progress = buildProgress(context);
  runner.observe(progress.observe);
  using _watch = await watchedSteps(terminal, runner);
  const report = await runner.buildProducts(names, optionsOf(flags, terminal));
  progress[Symbol.dispose]();
  writeReport(report, { context, flags });
  const [first] = report.failures;
  if (first === undefined) return;
  if (terminal.stop.aborted) throw interrupted(first.error);
  throw first.error;
}

function interrupted(cause?: AlmanacError): AlmanacError {
  return new AlmanacError("INTERRUPTED", "interrupted; what was stored is kept", {
    hint: "almanac build",
    ...(cause === undefined ? {} : { cause }),
  });
}

async function buildAndRecord(
  context: CommandContext,
  runner: AnyRunner,
  { names, flags }: Asked,
): Promise<void> {
  const { terminal } = context;
  const { recordBuild } = await import("../../library/record-build.ts");
  await using project = await openFrom(context, { access: "write" });
  using progress = buildProgress(context);
  runner.observe(progress.observe);
  using _watch = await watchedSteps(terminal, runner);
  const { description, allowDirty } = flags;
  const { execution, build } = await recordBuild({
    ...{ project, runner, products: names, ...optionsOf(flags, terminal) },
    ...(description === undefined ? {} : { description }),
    ...(allowDirty === undefined ? {} : { allowDirty }),
    commandLine: commandLineOf(names, flags),
  });
  progress[Symbol.dispose]();
  for (const remark of execution.remarks) terminal.err(`warning: ${remark}\n`);
  writeReport(build ?? { ran: [], steps: 0, taken: [], failures: [] }, { context, flags, execution });
  const { state, failure, rid } = execution;
  if (state === "published") return;
  if (terminal.stop.aborted) throw interrupted();
  throw (
    build?.failures[0]?.error ??
    new AlmanacError("RUN_INVALID", `the build was not published: ${failure?.message ?? state}`, {
      hint: `almanac executions show ${rid}`,
    })
  );
}

/** The command line as it may be repeated. */
function commandLineOf(
  names: readonly string[],
  { pipeline, set = [], force = [] }: Flags,
): readonly string[] {
  return [
    ...["almanac", "build", ...names, "--record"],
    ...(pipeline === undefined ? [] : ["--pipeline", pipeline]),
    ...set.flatMap((each) => ["--set", each]),
    ...force.flatMap((each) => ["--force", each]),
  ];
}

function writeReport(
  report: BuildReport,
  { context, flags, execution }: { context: CommandContext; flags: Flags; execution?: RunReport },
): void {
  const { ran, steps, taken, failures } = report;
  const value = {
    ran,
    steps,
    taken,
    failures: failures.map(({ step, root, error }) => ({
      step,
      root,
      code: error.code,
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    })),
  };
  const isIdle = ran.length === 0 && failures.length === 0;
  const done = isIdle
    ? `nothing to do: ${steps} steps are up to date`
    : `${ran.length} of ${steps} steps ran`;
  const from = taken.length === 0 ? "" : `, ${taken.length} taken from the shared store`;
  const failed = failures.length === 0 ? "" : `, ${failures.length} failed or could not run`;
  const text = `${done}${from}${failed}`;
  const json = flags.json === true || flags.format === "json";
  const recorded =
    execution === undefined
      ? { value, text }
      : { value: { ...value, execution: runValue(execution) }, text: `${text}\n${runText(execution)}` };
  writeDocument({ kind: "build", ...recorded }, { terminal: context.terminal, flags: json ? { json } : {} });
}
