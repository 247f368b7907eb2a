import path from "node:path";
import { AlmanacError } from "../../../core/errors.ts";
import type { Decision } from "../../../core/solver/plan.ts";
import { planDifference, plannedDecision } from "../../../core/solver/plan-difference.ts";
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
        requireUnmoved(saved, (await project.plan(input)).plan.decisions);
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

/** Refuses by naming each run that is not what the plan says, why, and the datasets that came or went. */
function requireUnmoved(saved: SavedPlan, now: readonly Decision[]): void {
  const before = new Map(saved.runs.map((run) => [nameOf(run), run.fingerprint]));
  const all = new Map(now.map((each) => [nameOf(each), each]));
  const runs = [...all].filter(
    ([name, each]) => each.decision === "run" || (isHeld(each) && before.has(name)),
  );
  const after = new Map(runs.map(([name, { fingerprint }]) => [name, fingerprint]));
  const inputs = new Map(
    planDifference(saved.decisions ?? [], now.map(plannedDecision)).map((each) => [
      nameOf(each),
      inputsText(each),
    ]),
  );
  const because = (name: string): string => {
    const texts = [all.get(name)?.reasons[0].message, saved.decisions === undefined ? "" : inputs.get(name)];
    const told = texts.filter((text) => text !== undefined && text !== "");
    return told.length === 0 ? "" : ` (${told.join("; ")})`;
  };
  const moved = [
    ...[...before.keys()].filter((name) => !after.has(name)).map((name) => ["no longer to run", name]),
    ...[...after.keys()].filter((name) => !before.has(name)).map((name) => ["newly to run", name]),
    ...[...after]
      .filter(([name, print]) => before.has(name) && before.get(name) !== print)
      .map(([name]) => ["other datasets", name]),
  ].map(([what = "", name = ""]) => `${what}: ${name}${because(name)}`);
  if (moved.length === 0) return;
  throw new AlmanacError(
    "STALE_PLAN",
    ["the catalog has moved since the plan was made:", ...moved].join("\n  "),
    {
      hint: "make a new one: almanac plan -o plan.json",
      facts: { moved },
    },
  );
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
