import { type BuildContext, type BuildOptions, beginBuild, settleHits } from "./build-context.ts";
import { runStep } from "./run-step.ts";
import { type RunnerSession, stepAt } from "./session.ts";

/** What running hits again showed. */
export interface CheckReport {
  /** Steps that ran again. */
  readonly checked: readonly string[];
  /** Products that came out different from the same ingredients: their steps are not deterministic. */
  readonly differing: readonly { readonly step: string; readonly product: string }[];
  /** Steps that could not be checked because something they require is not there. */
  readonly skipped: readonly string[];
}

/**
 * Runs a sample of the hits below some steps again and compares what they produce with what is stored. Nothing is recorded.
 * @param most how many steps, spread evenly over the hits
 */
export async function checkHits(
  session: RunnerSession,
  targets: readonly number[],
  { most, ...options }: BuildOptions & { readonly most: number },
): Promise<CheckReport> {
  const context = await beginBuild(session, targets, options);
  settleHits(context);
  // Stored bytes are what counts here: values in memory may be those of this very session.
  const scratch: BuildContext = {
    ...context,
    emit: () => 0,
    session: { ...session, memory: new Map() },
    store: { ...context.store, record: () => {}, note: () => {} },
  };
  const hits = context.cone.filter(
    (number) => context.settled.has(number) && stepAt(session, number).kind === "step",
  );
  const report = {
    checked: [] as string[],
    differing: [] as { step: string; product: string }[],
    skipped: [] as string[],
  };
  for (const number of spread(hits, most)) {
    const { id } = stepAt(session, number);
    const end = await runStep(scratch, { number, reasons: [], parent: 0, requirers: () => [] });
    if ("unloadable" in end) {
      report.skipped.push(id);
      continue;
    }
    report.checked.push(id);
    for (const { product, output } of end.made) {
      const stored = context.settled.get(number)?.outputs.find((each) => each.product === product);
      if (output !== undefined && output.digest !== stored?.digest)
        report.differing.push({ step: id, product });
    }
  }
  return report;
}

function spread(list: readonly number[], most: number): readonly number[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, at) => list[Math.floor((at * list.length) / most)] ?? -1);
}
