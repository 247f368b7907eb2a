import { readFileSync } from "node:fs";
import path from "node:path";
import { AlmanacError } from "../../../core/errors.ts";
import type { Decision } from "../../../core/solver/plan.ts";
import { parseSavedPlan, type SavedPlan } from "../../../documents/plan.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "../output.ts";
import { progressSink } from "../progress.ts";
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
        const saved = readPlan(path.resolve(terminal.cwd, file));
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

function readPlan(file: string): SavedPlan {
  try {
    return parseSavedPlan(readFileSync(file, "utf8"));
  } catch (cause) {
    if (cause instanceof AlmanacError) throw cause;
    throw new AlmanacError(
      "USAGE",
      `${file} cannot be read as a plan: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: "make one with: almanac plan -o plan.json",
        cause,
      },
    );
  }
}

function requireUnmoved(saved: SavedPlan, now: readonly Decision[]): void {
  const before = new Map(saved.runs.map((run) => [nameOf(run), run.fingerprint]));
  const after = new Map(
    now.filter(({ decision }) => decision === "run").map((run) => [nameOf(run), run.fingerprint]),
  );
  const moved = [
    ...[...before].filter(([name]) => !after.has(name)).map(([name]) => `no longer to run: ${name}`),
    ...[...after].filter(([name]) => !before.has(name)).map(([name]) => `newly to run: ${name}`),
    ...[...after]
      .filter(([name, print]) => before.has(name) && before.get(name) !== print)
      .map(([name]) => `other datasets: ${name}`),
  ];
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

function nameOf({
  provider,
  diagnostic,
  version,
  key,
}: Pick<Decision, "provider" | "diagnostic" | "version" | "key">): string {
  return `${provider}/${diagnostic}/v${version}/${key}`;
}
