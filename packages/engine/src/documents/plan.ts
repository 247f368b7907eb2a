import { AlmanacError } from "../core/errors.ts";
import type { SolveOptions } from "../core/solver/options.ts";
import type { Decision, Plan } from "../core/solver/plan.ts";
import type { PlannedDecision, PlannedPlan } from "../core/solver/plan-difference.ts";

/** A run that a saved plan promises. */
export type SavedRun = Pick<Decision, "provider" | "diagnostic" | "version" | "key" | "fingerprint">;

/** A plan as `plan -o` writes it: enough to do the same, to see what moved, and to compare it with another. */
export interface SavedPlan {
  readonly formatVersion: 1;
  readonly revision: number;
  readonly options: SolveOptions;
  readonly runs: readonly SavedRun[];
  /** Every decision; the first saved plans had only their runs. */
  readonly decisions?: readonly PlannedDecision[];
  /** Dataset id → digest of what identified its files; absent in plans of older versions. */
  readonly contents?: PlannedPlan["contents"];
}

/** The text of a plan to keep, one line for each decision. */
export function savedPlan({
  plan,
  options,
  planned,
}: {
  readonly plan: Pick<Plan, "revision" | "decisions">;
  readonly options: SolveOptions;
  /** The same plan, for comparing. */
  readonly planned: PlannedPlan;
}): string {
  const runs = plan.decisions
    .filter(({ decision }) => decision === "run")
    .map(({ provider, diagnostic, version, key, fingerprint }) => ({
      provider,
      diagnostic,
      version,
      key,
      fingerprint,
    }));
  const opening = { format: "almanac.saved-plan/1", formatVersion: 1, revision: plan.revision, options };
  const contents = `"contents": ${JSON.stringify(planned.contents ?? {}, undefined, 0)}`;
  const lists = [listed("runs", runs), listed("decisions", planned.decisions), contents];
  return `${JSON.stringify(opening).slice(0, -1)},\n${lists.join(",\n")}}\n`;
}

function listed(name: string, items: readonly object[]): string {
  return `${JSON.stringify(name)}: [\n${items.map((each) => JSON.stringify(each)).join(",\n")}\n]`;
}

/** Reads it back. @throws USAGE when the text is no saved plan of this format */
export function parseSavedPlan(text: string): SavedPlan {
  const value = JSON.parse(text) as Partial<SavedPlan> | null;
  if (value?.formatVersion === 1 && Array.isArray(value.runs) && typeof value.options === "object")
    return value as SavedPlan;
  throw new AlmanacError("USAGE", "the file is not a saved plan of this version", {
    hint: "make one with: almanac plan -o plan.json",
  });
}
