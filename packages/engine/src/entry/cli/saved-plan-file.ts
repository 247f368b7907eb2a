import { readFileSync } from "node:fs";
import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { PlannedPlan } from "../../core/solver/plan-difference.ts";
import { parseSavedPlan, type SavedPlan } from "../../documents/plan.ts";

/** A plan that `plan -o` wrote. @throws USAGE when the file cannot be read as one, with the places that are wrong */
export function readSavedPlan(file: string): SavedPlan {
  try {
    return parseSavedPlan(readFileSync(file, "utf8"), file);
  } catch (cause) {
    throw new AlmanacError("USAGE", reasonOf(cause, file), {
      hint: (isAlmanacError(cause) ? cause.hint : undefined) ?? "make one with: almanac plan -o plan.json",
      facts: { file },
      cause,
    });
  }
}

function reasonOf(cause: unknown, file: string): string {
  if (isAlmanacError(cause, "DOCUMENT_INVALID")) return `no saved plan: ${cause.message}`;
  if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return `there is no ${file}`;
  return `${file} cannot be read as a plan: ${cause instanceof Error ? cause.message : String(cause)}`;
}

/** All decisions of a saved plan. @throws USAGE when it was saved without them */
export function savedDecisions(file: string): PlannedPlan {
  const { decisions, contents } = readSavedPlan(file);
  if (decisions !== undefined) return { decisions, ...(contents === undefined ? {} : { contents }) };
  throw new AlmanacError("USAGE", `${file} holds only what would run, as an older version saved it`, {
    hint: "plans that almanac plan -o saves now can be compared",
    facts: { file },
  });
}
