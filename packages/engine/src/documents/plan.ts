import { z } from "zod";
import type { SolveOptions } from "../core/solver/options.ts";
import type { Decision, Plan } from "../core/solver/plan.ts";
import type { PlannedDecision, PlannedPlan } from "../core/solver/plan-difference.ts";
import { parseDocument } from "./document.ts";

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

const group = {
  provider: z.string(),
  diagnostic: z.string(),
  version: z.int(),
  key: z.string(),
  fingerprint: z.string(),
};

const texts = z.array(z.string());

const savedPlanSchema = z.object({
  format: z.literal("almanac.saved-plan/1").optional(),
  formatVersion: z.literal(1),
  revision: z.int(),
  // What is not known here would silently not be done.
  options: z.strictObject({
    providers: texts.optional(),
    diagnostics: texts.optional(),
    exactNames: z.boolean().optional(),
    exclude: texts.optional(),
    datasets: z.union([texts, z.record(z.string(), texts)]).optional(),
    onePerProvider: z.boolean().optional(),
    onePerDiagnostic: z.boolean().optional(),
    limit: z.int().min(0).optional(),
    rerunFailed: z.boolean().optional(),
    resume: z.boolean().optional(),
  }),
  runs: z.array(z.object(group)),
  decisions: z
    .array(
      z.object({
        ...group,
        selectorDigest: z.string(),
        decision: z.enum(["run", "skip"]),
        reasons: z.array(z.looseObject({ code: z.string(), message: z.string() })).min(1),
        datasets: texts,
      }),
    )
    .optional(),
  contents: z.record(z.string(), z.string()).optional(),
});

/**
 * Reads it back.
 * @param name of the file, for messages
 * @throws DOCUMENT_INVALID with every place that is not of this form
 */
export function parseSavedPlan(text: string, name: string): SavedPlan {
  const schema = savedPlanSchema as unknown as z.ZodType<SavedPlan>;
  return parseDocument(text, { name, schema });
}
