import { AlmanacError } from "../core/errors.ts";
import type { ExecutionGroup } from "../core/execution/record.ts";
import { nearestNames } from "../core/identity/nearest-names.ts";
import type { ExecutionCatalog } from "../ports/execution-catalog.ts";

/**
 * The group of a RID or of a name `provider/diagnostic/key`.
 * @throws UNKNOWN_NAME with the nearest names
 */
export async function requireGroup(
  name: string,
  executions: Pick<ExecutionCatalog, "group" | "groups">,
): Promise<ExecutionGroup> {
  const found = await executions.group(name);
  if (found !== undefined) return found;
  const { items } = await executions.groups({});
  const near = nearestNames(
    name,
    items.map(({ provider, diagnostic, key }) => `${provider}/${diagnostic}/${key}`),
  );
  throw new AlmanacError("UNKNOWN_NAME", `there is no group "${name}"`, {
    hint: near.length > 0 ? `nearest: ${near.join(", ")}` : "almanac groups list",
    facts: { name, nearest: near },
  });
}
