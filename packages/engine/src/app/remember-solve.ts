import { remember } from "../core/solver/memory/remember.ts";
import type { SolveOptions } from "../core/solver/options.ts";
import { declarationsText, keepSnapshot } from "./current-snapshot.ts";
import { type MadePlan, makePlan, type PlanInput, type PlanPorts, usableDecisions } from "./plan.ts";

/**
 * Keeps what a solve found, and how it is decided about after what it did, for the next one. A solve of some diagnostics
 * only, or without opening files, keeps nothing: what the last whole one kept stays as good as it was.
 */
export async function rememberSolve(made: MadePlan, input: PlanInput, ports: PlanPorts): Promise<void> {
  if (!isWhole(input.options) || !input.open) return;
  const before = await usableDecisions(input, ports);
  if (made.findings === undefined && (await ports.executions.historyMark()) === before?.memory.historyMark)
    return;
  const silent = { ...ports, emit: () => {} };
  const { findings } = made.findings === undefined ? await makePlan(input, silent) : made;
  if (findings === undefined) return;
  const memory = remember(findings, await ports.executions.history(ports.alive));
  const { snapshot } = findings.workspace;
  if (memory === undefined) return;
  await keepSnapshot({ ...snapshot, mark: memory.mark }, input.sourceTypes, { ...ports, before });
  await ports.memory.keepDecisions({ declarations: declarationsText(input.sourceTypes), memory });
}

/** True if a solve looks at every diagnostic. */
function isWhole({ providers = [], diagnostics = [], exclude = [] }: SolveOptions): boolean {
  return providers.length + diagnostics.length + exclude.length === 0;
}
