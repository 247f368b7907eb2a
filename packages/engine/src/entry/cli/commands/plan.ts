import { writeFileSync } from "node:fs";
import path from "node:path";
import type { MadePlan } from "../../../app/plan.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { type PlannedPlan, planDifference } from "../../../core/solver/plan-difference.ts";
import { plannedPlan } from "../../../core/solver/planned-plan.ts";
import { savedPlan } from "../../../documents/plan.ts";
import type { CommandModule } from "../command.ts";
import { requireKnownSelection } from "../known-names.ts";
import { concludeSelection } from "../nothing-found.ts";
import { openFrom } from "../open.ts";
import { formatOf, type ListingFlags, withFormat, writeListing } from "../output.ts";
import { writePlanDifference } from "../plan-difference-view.ts";
import { planColumns, planItem, planSummary, recomputedText, unsatisfiedItem } from "../plan-view.ts";
import { progressSink } from "../progress.ts";
import { savedDecisions } from "../saved-plan-file.ts";
import { type SolveFlags, solveOptions, withSolveFlags } from "../solve-flags.ts";
import type { Terminal } from "../terminal.ts";

interface Flags extends ListingFlags, SolveFlags {
  readonly output?: string;
  readonly runs?: boolean;
  readonly diff?: readonly string[];
}

/** `almanac plan`: read-only. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withSolveFlags(withFormat(command))
      .option("-o, --output <file>", "save the plan for almanac apply")
      .option("--runs", "list only what would run")
      .option("--diff <file...>", "what differs from a saved plan, or between two; exit 9 if anything does")
      .action(async (flags: Flags) => {
        const { terminal } = context;
        const [earlier, later] = plansToCompare(flags, terminal.cwd);
        if (earlier !== undefined && later !== undefined)
          return writePlanDifference(planDifference(earlier, later), { terminal, flags });
        using progress = progressSink(context);
        await using project = await openFrom(context, { access: "read", emit: progress.emit });
        const options = solveOptions(flags);
        await requireKnownSelection(flags, project);
        const made = await project.plan({ options, open: flags.open !== false });
        const { plan, opened, recomputed } = made;
        progress.end();
        if (flags.output !== undefined || earlier !== undefined) {
          const planned = plannedPlan(plan, await made.snapshot());
          if (flags.output !== undefined)
            savePlan(path.resolve(terminal.cwd, flags.output), savedPlan({ plan, options, planned }));
          if (earlier !== undefined)
            return writePlanDifference(planDifference(earlier, planned), { terminal, flags });
        }
        const found = await writePlan({ plan, opened, recomputed }, { terminal, flags });
        if (context.flags().quiet !== true) terminal.err(recomputedText(recomputed));
        const [lost] = plan.unsatisfied;
        if (plan.decisions.length === 0 && plan.hidden === 0 && lost !== undefined)
          terminal.err(
            `no datasets meet the requirements; why: almanac explain ${lost.provider}/${lost.diagnostic}\n`,
          );
        await concludeSelection({ found, flags }, { project, terminal });
        for (const { provider, diagnostic, message } of plan.errors)
          terminal.err(`error  ${provider}/${diagnostic}: ${message}\n`);
        if (flags.strict === true && plan.unsatisfied.length > 0)
          throw new AlmanacError("UNSATISFIED", `unsatisfied requirements: ${plan.unsatisfied.length}`, {
            hint: "almanac explain <provider>/<diagnostic>",
          });
      });
  },
};

/** Writes a plan's decisions. @returns how many were written */
async function writePlan(
  { plan, opened, recomputed }: Pick<MadePlan, "plan" | "opened" | "recomputed">,
  { terminal, flags }: { readonly terminal: Terminal; readonly flags: Flags },
): Promise<number> {
  const shown =
    flags.runs === true ? plan.decisions.filter(({ decision }) => decision === "run") : plan.decisions;
  const listing = {
    kind: "plan",
    noun: flags.runs === true ? "runs" : "decisions",
    total: shown.length,
    extra: {
      unsatisfied: plan.unsatisfied.map(unsatisfiedItem),
      errors: plan.errors,
      hidden: plan.hidden,
      orphaned: plan.orphaned,
      opened,
      recomputed,
    },
  };
  const format = formatOf(flags);
  if (format === "table") terminal.out(planSummary(plan));
  // Whole items are made only where they are written.
  if (format === "json" || format === "ndjson")
    await writeListing({ ...listing, items: shown.map(planItem), columns: [] }, { terminal, flags });
  else await writeListing({ ...listing, items: shown, columns: planColumns }, { terminal, flags });
  return shown.length;
}

/** The decisions of the saved plans that `--diff` names, the earlier first. @throws USAGE when there are more than two */
function plansToCompare({ diff = [] }: Flags, cwd: string): readonly PlannedPlan[] {
  if (diff.length > 2)
    throw new AlmanacError("USAGE", `--diff compares two plans, and ${diff.length} files were given`, {
      hint: "almanac plan --diff old.json, or almanac plan --diff old.json new.json",
    });
  return diff.map((file) => savedDecisions(path.resolve(cwd, file)));
}

function savePlan(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw new AlmanacError("USAGE", `the plan cannot be saved: ${cause.message}`, {
      hint: "name a file in a folder that exists and can be written: almanac plan -o plan.json",
      facts: { file },
      cause,
    });
  }
}
