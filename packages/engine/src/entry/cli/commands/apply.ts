import path from "node:path";
import type { MadePlan } from "../../../app/plan.ts";
import { AlmanacError } from "../../../core/errors.ts";
import type { Decision } from "../../../core/solver/plan.ts";
import { planDifference } from "../../../core/solver/plan-difference.ts";
import { plannedPlan } from "../../../core/solver/planned-plan.ts";
import type { SavedPlan } from "../../../documents/plan.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "../output.ts";
import { inputsText } from "../plan-difference-view.ts";
import { progressSink } from "../progress.ts";
import { readSavedPlan } from "../saved-plan-file.ts";
import { withTimeout } from "../solve-flags.ts";
import { concludeSolve, solveControl, solveText } from "../solve-view.ts";
import { solveValue } from "./solve.ts";

/** `almanac apply plan.json`: refuses when what would run is not what the plan says. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withTimeout(withDocumentFormat(command))
      .argument("<plan>", "file that almanac plan -o wrote")
      .action(async (file: string, flags: DocumentFlags & { readonly timeout?: number }) => {
        const { terminal } = context;
        const saved = readSavedPlan(path.resolve(terminal.cwd, file));
        using progress = progressSink(context);
        await using project = await openFrom(context, { access: "write", emit: progress.emit });
        const input = { options: saved.options, open: true };
        await requireUnmoved(saved, await project.plan(input));
        using control = solveControl(terminal, { timeoutSeconds: flags.timeout, say: progress.say });
        const report = await project.solve({ ...input, execute: true }, control);
        progress.end();
        writeDocument(
          { kind: "solve", value: solveValue(report), text: solveText(report) },
          { terminal, flags },
        );
        concludeSolve(report, { terminal, control, flags: {}, exit: context.exit });
      });
  },
};

/** Refuses by naming each run that is not what the plan says, why, and the datasets that came, went or got other files. */
async function requireUnmoved(saved: SavedPlan, made: Pick<MadePlan, "plan" | "snapshot">): Promise<void> {
  const all = new Map(made.plan.decisions.map((each) => [nameOf(each), each]));
  const moved = movedRuns(saved, all);
  if (moved.length === 0) return;
  const inputs = await changedInputs(saved, made);
  const lines = moved.map(({ what, name }) => {
    const texts = [all.get(name)?.reasons[0].message, inputs.get(name)];
    const told = texts.filter((text) => text !== undefined && text !== "");
    return `${what}: ${name}${told.length === 0 ? "" : ` (${told.join("; ")})`}`;
  });
  throw new AlmanacError(
    "STALE_PLAN",
    ["the catalog has moved since the plan was made:", ...lines].join("\n  "),
    { hint: "make a new one: almanac plan -o plan.json", facts: { moved: lines } },
  );
}

function movedRuns(
  saved: SavedPlan,
  all: ReadonlyMap<string, Decision>,
): readonly { readonly what: string; readonly name: string }[] {
  const before = new Map(saved.runs.map((run) => [nameOf(run), run.fingerprint]));
  const after = new Map(
    [...all]
      .filter(([name, each]) => each.decision === "run" || (isHeld(each) && before.has(name)))
      .map(([name, { fingerprint }]) => [name, fingerprint]),
  );
  const named = (what: string, names: readonly string[]) => names.map((name) => ({ what, name }));
  const promised = [...before.keys()];
  return [
    ...named(
      "no longer to run",
      promised.filter((name) => !after.has(name)),
    ),
    ...named(
      "newly to run",
      [...after.keys()].filter((name) => !before.has(name)),
    ),
    ...named(
      "other datasets",
      promised.filter((name) => after.has(name) && after.get(name) !== before.get(name)),
    ),
  ];
}

/** What differs in the inputs of each group; the first saved plans do not tell of inputs. */
async function changedInputs(
  { decisions, contents }: SavedPlan,
  { plan, snapshot }: Pick<MadePlan, "plan" | "snapshot">,
): Promise<ReadonlyMap<string, string>> {
  if (decisions === undefined) return new Map();
  const before = { decisions, ...(contents === undefined ? {} : { contents }) };
  const changes = planDifference(before, plannedPlan(plan, await snapshot()));
  return new Map(changes.map((each) => [nameOf(each), inputsText(each)]));
}

/** Recorded by `--no-execute` with these inputs meanwhile: applying the plan submits it. */
function isHeld({ reasons: [{ code }] }: Decision): boolean {
  return code === "unsubmitted";
}

function nameOf({
  provider,
  diagnostic,
  version,
  key,
}: Pick<Decision, "provider" | "diagnostic" | "version" | "key">): string {
  return `${provider}/${diagnostic}/v${version}/${key}`;
}
