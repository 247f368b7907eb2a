import type { AlmanacError } from "../../core/errors.ts";
import { inputProblems, type NamedInputs, runInvalid } from "./resolve-inputs.ts";
import type { ResolvePorts } from "./run-ports.ts";

/**
 * The error of a run whose code cannot be run, with everything else that is wrong with the run: people mend all of it at once.
 * @param refusal what is wrong with the code
 * @returns the same error when all else is well, else RUN_INVALID with all problems
 */
export async function refusedRun(
  refusal: AlmanacError,
  { named, ports }: { readonly named: NamedInputs; readonly ports: ResolvePorts },
): Promise<AlmanacError> {
  const problems = await inputProblems(named, ports);
  if (problems.length === 0) return refusal;
  return runInvalid([refusal.message, ...problems], refusal);
}
