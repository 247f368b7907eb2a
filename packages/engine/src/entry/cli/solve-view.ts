import type { RunControl } from "../../app/run-control.ts";
import type { SolveReport } from "../../app/solve.ts";
import { AlmanacError } from "../../core/errors.ts";
import type { Plan } from "../../core/solver/plan.ts";
import { failureLines } from "./failure-lines.ts";
import { planSummary } from "./plan-view.ts";
import type { Terminal } from "./terminal.ts";

/** Ctrl-C and the time limit as one control. */
export interface SolveControl extends RunControl, Disposable {
  /** True once the time limit has ended the wait. */
  readonly timedOut: () => boolean;
}

/** Joins the terminal's signals with a time limit in seconds; past it, what runs is cancelled and runs again next time. */
export function solveControl(
  terminal: Terminal,
  {
    timeoutSeconds,
    say,
  }: { readonly timeoutSeconds: number | undefined; readonly say: (line: string) => void },
): SolveControl {
  const over = new AbortController();
  const timer =
    timeoutSeconds === undefined ? undefined : setTimeout(() => over.abort(), timeoutSeconds * 1000);
  const onStop = (): void => say("stopping: what runs is finished first; Ctrl-C again cancels it");
  const onCancel = (): void => say("cancelling what runs");
  terminal.stop.addEventListener("abort", onStop, { once: true });
  terminal.cancel.addEventListener("abort", onCancel, { once: true });
  return {
    stop: AbortSignal.any([terminal.stop, over.signal]),
    cancel: AbortSignal.any([terminal.cancel, over.signal]),
    timedOut: () => over.signal.aborted,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      terminal.stop.removeEventListener("abort", onStop);
      terminal.cancel.removeEventListener("abort", onCancel);
    },
  };
}

/** Counts per diagnostic by decision, then how executions ended. */
export function solveText({ plan, ends, retried, held, recovered, outrun }: SolveReport): string {
  const states = new Map<string, number>();
  for (const { state } of ends) states.set(state, (states.get(state) ?? 0) + 1);
  const outcome = [...states].map(([state, count]) => `${count} ${state}`).join(", ");
  const lines = [
    planSummary(plan).trimEnd(),
    ...(recovered.length > 0 ? [`recovered ${recovered.length} executions that a dead process left`] : []),
    ...(retried.length > 0 ? [`tried ${retried.length} executions again after system failures`] : []),
    ...(held.length > 0 ? [`recorded ${held.length} executions; the next solve submits them`] : []),
    ...(outrun > 0
      ? [`${outrun} executions were left to another solve, which had begun them: almanac status`]
      : []),
    ends.length > 0 ? `executions: ${outcome}` : held.length + outrun > 0 ? "" : nothingText(plan),
  ];
  return lines.filter((line) => line !== "").join("\n");
}

/** Up to date is said only of a catalog in which nothing failed, is hidden or waits. */
function nothingText({ decisions, errors, hidden, unsatisfied }: Plan): string {
  const [lost] = unsatisfied;
  if (decisions.length === 0 && hidden === 0 && lost !== undefined)
    return `nothing to do: no datasets meet the requirements; why: almanac explain ${lost.provider}/${lost.diagnostic}`;
  const settled = decisions.every(({ reasons }) => settledCodes.has(reasons[0].code));
  return settled && errors.length === 0 && hidden === 0
    ? "nothing to do: everything is up to date"
    : "nothing to do";
}

const settledCodes: ReadonlySet<string> = new Set(["up-to-date", "restored", "shadowed"]);

/** Turns the end of a solve into its exit code. @throws INTERRUPTED, WAIT_TIMEOUT, UNSATISFIED */
export function concludeSolve(
  report: SolveReport,
  {
    terminal,
    control,
    flags,
    exit,
  }: {
    terminal: Terminal;
    control: SolveControl;
    flags: { readonly strict?: boolean };
    exit: (code: number) => void;
  },
): void {
  const hint = "almanac solve --resume";
  if (control.timedOut())
    throw new AlmanacError("WAIT_TIMEOUT", "the time limit ended the wait; what ran will run again", {
      hint,
    });
  if (terminal.stop.aborted)
    throw new AlmanacError("INTERRUPTED", "interrupted; finished results are kept", { hint });
  if (
    report.ends.some(({ state }) => state === "failed" || state === "publishing") ||
    report.plan.errors.length > 0
  ) {
    for (const { provider, diagnostic, message } of report.plan.errors)
      terminal.err(`error  ${provider}/${diagnostic}: ${message}\n`);
    for (const line of failureLines(report.ends)) terminal.err(`${line}\n`);
    terminal.err("see: almanac status, almanac logs <rid>\n");
    exit(4);
  } else if (flags.strict === true && report.plan.unsatisfied.length > 0)
    throw new AlmanacError("UNSATISFIED", `unsatisfied requirements: ${report.plan.unsatisfied.length}`, {
      hint: "almanac explain <provider>/<diagnostic>",
    });
}
