import { AlmanacError } from "../core/errors.ts";
import type { ExecutionDetail } from "../core/execution/record.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { ExecutionCatalog } from "../ports/execution-catalog.ts";

/**
 * The execution of a RID.
 * @throws UNKNOWN_NAME when the catalog has none
 */
export async function requireExecution(
  rid: Rid,
  executions: Pick<ExecutionCatalog, "execution">,
): Promise<ExecutionDetail> {
  const found = await executions.execution(rid);
  if (found !== undefined) return found;
  throw new AlmanacError("UNKNOWN_NAME", `there is no execution ${rid}`, {
    hint: "almanac executions list",
    facts: { rid },
  });
}
