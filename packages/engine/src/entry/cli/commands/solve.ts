import type { SolveReport } from "../../../app/solve.ts";
import { AlmanacError } from "../../../core/errors.ts";
import type { Plan } from "../../../core/solver/plan.ts";
import type { CommandModule } from "../command.ts";
import { requireKnownSelection } from "../known-names.ts";
import { concludeSelection } from "../nothing-found.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "../output.ts";
import { planItem, planSummary, unsatisfiedItem } from "../plan-view.ts";
import { progressSink } from "../progress.ts";
import { type SolveFlags, solveOptions, withSolveFlags, withTimeout } from "../solve-flags.ts";
import { concludeSolve, solveControl, solveText } from "../solve-view.ts";

interface Flags extends DocumentFlags, SolveFlags {
  readonly resume?: boolean;
  readonly dryRun?: boolean;
  readonly execute?: boolean;
  readonly wait?: boolean;
  readonly executor?: string;
  readonly jobs?: string;
}

/** `almanac solve`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withTimeout(withSolveFlags(withDocumentFormat(command)))
      .option("--resume", "only what earlier solves began and did not end; nothing new")
      .option("--dry-run", "show what would be done; write nothing")
      .option("--no-execute", "record groups and executions; the next solve submits them")
      .option("--no-wait", "submit and return (detached executors only)")
      .option("--executor <name>", "local or inline")
      .option("--jobs <n>", "computations at once")
      .action(async (flags: Flags) => {
        if (flags.wait === false)
          throw new AlmanacError(
            "USAGE",
            "--no-wait needs a detached executor; local and inline end with the command",
            { hint: "leave --no-wait out" },
          );
        const { terminal } = context;
        using progress = progressSink(context);
        const settings = {
          ...(flags.executor === undefined ? {} : { "executor.name": flags.executor }),
          ...(flags.jobs === undefined ? {} : { "executor.jobs": Number(flags.jobs) }),
        };
        await using project = await openFrom(context, {
          access: flags.dryRun === true ? "read" : "write",
          emit: progress.emit,
          settings,
        });
        await requireKnownSelection(flags, project);
        const options = { ...solveOptions(flags), ...(flags.resume === true ? { resume: true } : {}) };
        const input = { options, open: flags.open !== false };
        if (flags.dryRun === true) {
          const { plan } = await project.plan(input);
          progress.end();
          await concludeSelection({ found: plan.decisions.length, flags }, { project, terminal });
          writeDocument(
            {
              kind: "solve",
              value: () => dryRunValue(plan),
              text: `${planSummary(plan)}dry run: nothing was written`,
            },
            { terminal, flags },
          );
          return;
        }
        using control = solveControl(terminal, { timeoutSeconds: flags.timeout, say: progress.say });
        const report = await project.solve({ ...input, execute: flags.execute !== false }, control);
        progress.end();
        writeDocument(
          { kind: "solve", value: () => solveValue(report), text: solveText(report) },
          { terminal, flags },
        );
        const found = report.plan.decisions.length;
        await concludeSelection({ found, flags }, { project, terminal });
        concludeSolve(report, { terminal, control, flags, exit: context.exit });
      });
  },
};

function dryRunValue(plan: Plan): object {
  return {
    dryRun: true,
    items: plan.decisions.map(planItem),
    total: plan.decisions.length,
    unsatisfied: plan.unsatisfied.map(unsatisfiedItem),
  };
}

/** The report in the form that `--json` gives. */
export function solveValue({ plan, ends, retried, held, recovered, outrun }: SolveReport): object {
  return {
    dryRun: false,
    items: ends.map(({ rid, state, failure }) => ({
      rid,
      state,
      ...(failure === undefined ? {} : { failure }),
    })),
    total: ends.length,
    retried: retried.map(({ rid }) => rid),
    held,
    outrun,
    recovered,
    decisions: plan.decisions.map(planItem),
    unsatisfied: plan.unsatisfied.map(unsatisfiedItem),
    errors: plan.errors,
  };
}
