import { AlmanacError } from "../core/errors.ts";
import type { ExecutionDetail } from "../core/execution/record.ts";
import { isElsewhere } from "../core/execution/run-fragment.ts";
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

/**
 * The execution of a RID, whose folder is wanted.
 * @throws UNKNOWN_NAME when the catalog has none, FILE_MISSING when it came with a bag, which brings no folder
 */
export async function requireExecutionFolder(
  rid: Rid,
  executions: Pick<ExecutionCatalog, "execution">,
): Promise<ExecutionDetail> {
  const found = await requireExecution(rid, executions);
  if (!isElsewhere(found.fragment)) return found;
  throw new AlmanacError(
    "FILE_MISSING",
    `execution ${rid} came with a bag, which brought files of it, not its folder`,
    {
      hint: `almanac assets list --execution ${rid} lists the files; the rest is where it ran, and can be ingested from there`,
      facts: { rid },
    },
  );
}
