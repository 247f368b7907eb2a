import { AlmanacError } from "../../core/errors.ts";
import type { ExecutionState } from "../../core/execution/state.ts";
import type { NestedExecution } from "../../ports/run-catalog.ts";
import type { Connection } from "./connection.ts";
import { ridText } from "./rids.ts";

/**
 * Makes an execution part of another. Call it inside a write transaction.
 * @throws NESTING_INVALID when it would contain itself
 */
export function insertNesting(
  connection: Connection,
  {
    parent,
    child,
    sequence,
  }: { readonly parent: number; readonly child: number; readonly sequence: number | undefined },
): void {
  const cycle = parent === child || related(connection, child, "children").some(({ id }) => id === parent);
  if (cycle)
    throw new AlmanacError(
      "NESTING_INVALID",
      `execution ${ridText(child)} cannot be part of ${ridText(parent)}: it would contain itself`,
      {
        hint: `almanac executions children ${ridText(child)} --recursive`,
        facts: { parent: ridText(parent), child: ridText(child) },
      },
    );
  connection.run(
    `insert into execution_nesting (parent_id, child_id, sequence) values (?, ?, ?)
     on conflict (parent_id, child_id) do update set sequence = excluded.sequence`,
    parent,
    child,
    sequence ?? null,
  );
}

interface RelatedRow {
  readonly id: number;
  readonly depth: number;
  readonly sequence: number | null;
  readonly state: string;
  readonly description: string;
}

/** What contains an execution, or what it contains; the direct ones first, each once. */
export function relatedExecutions(
  connection: Connection,
  execution: number,
  { direction, recursive }: { readonly direction: "children" | "parents"; readonly recursive: boolean },
): readonly NestedExecution[] {
  return related(connection, execution, direction)
    .filter(({ depth }) => recursive || depth === 1)
    .map(({ id, depth, sequence, state, description }) => ({
      rid: ridText(id),
      state: state as ExecutionState,
      description,
      sequence: sequence ?? undefined,
      depth,
    }));
}

/** In order of depth, then of sequence with those without one last, then of RIDs. */
// allow-parameters: where from and which way
function related(
  connection: Connection,
  execution: number,
  direction: "children" | "parents",
): readonly RelatedRow[] {
  const [from, to] = direction === "children" ? ["parent_id", "child_id"] : ["child_id", "parent_id"];
  const seen = new Set([execution]);
  const found: RelatedRow[] = [];
  let level = [execution];
  for (let depth = 1; level.length > 0; depth++) {
    const rows = level.flatMap((id) =>
      connection.all<Omit<RelatedRow, "depth">>(
        `select execution.id, sequence, state, description from execution_nesting
         join execution on execution.id = ${to} where ${from} = ?
         order by sequence is null, sequence, execution.id`,
        id,
      ),
    );
    const fresh = rows.filter(({ id }) => !seen.has(id) && seen.add(id));
    found.push(...fresh.map((row) => ({ ...row, depth })));
    level = fresh.map(({ id }) => id);
  }
  return found;
}
