import { AlmanacError } from "../core/errors.ts";
import { parseRid } from "../core/identity/rid.ts";
import type { Workflow, WorkflowCatalog } from "../ports/workflow-catalog.ts";

/**
 * The workflow that a person names.
 * @param text its RID in any spelling, or its URL
 * @throws UNKNOWN_NAME when there is none, USAGE when several have the URL
 */
export async function requireWorkflow(
  text: string,
  workflows: Pick<WorkflowCatalog, "workflow" | "list">,
): Promise<Workflow> {
  const rid = parseRid(text);
  const named = rid === undefined ? undefined : await workflows.workflow(rid);
  if (named !== undefined) return named;
  const { items } = await workflows.list({ url: text });
  const [found, ...others] = items;
  if (found === undefined)
    throw new AlmanacError("UNKNOWN_NAME", `there is no workflow ${text}`, {
      hint: "almanac workflows list",
      facts: { workflow: text },
    });
  if (others.length === 0) return found;
  throw new AlmanacError(
    "USAGE",
    `${items.length} workflows have the URL ${text}, with different checksums`,
    {
      hint: `name one by its RID: ${items.map((each) => each.rid).join(", ")}`,
      facts: { workflow: text, rids: items.map((each) => each.rid) },
    },
  );
}
