import type { ConstraintDataset, CustomConstraint } from "../../diagnostic/constraint.ts";
import { AlmanacError } from "../../errors.ts";
import { formatDateTime, unpackDateTime } from "../../time/date-time.ts";
import { calendarOf } from "../file-times.ts";
import { filesOfWhole, type WholeDataset, wholeDatasets } from "../partly-timed.ts";
import { selectDatasets } from "../select.ts";
import { memoised, noRows, type TableIndex, union, without } from "../table-index.ts";
import { type Evaluate, idsOf } from "./context.ts";

/**
 * Calls a user's own constraint. It sees the group and, of the rest of the catalog, the datasets of its declared
 * footprint; it may keep any of these.
 * @throws PROVIDER_INVALID when it throws, or answers with something else than known ids or a rejection
 */
export const evaluateCustom: Evaluate<CustomConstraint> = (group, constraint, { index, note }) => {
  const beyond = Object.keys(constraint.footprint).length > 0;
  const visible = beyond ? union([group, selectDatasets(index, [constraint.footprint])]) : group;
  const answer = call(constraint, index, { group, visible });
  if ("reject" in answer) {
    note?.({
      kind: "custom",
      constraint: constraint.name,
      whole: true,
      reason: answer.reject,
      datasets: idsOf(index, group),
    });
    return noRows;
  }
  const kept = datasetsOf(answer.keep, constraint, { index, visible });
  const dropped = without(group, new Set(kept));
  if (dropped.length > 0)
    note?.({
      kind: "custom",
      constraint: constraint.name,
      whole: false,
      reason: "left out by the constraint",
      datasets: idsOf(index, dropped),
    });
  return kept;
};

type Answer = ReturnType<CustomConstraint["apply"]>;

function call(
  constraint: CustomConstraint,
  index: TableIndex,
  { group, visible }: { readonly group: Int32Array; readonly visible: Int32Array },
): Answer {
  const show = (datasets: Int32Array): readonly ConstraintDataset[] =>
    wholeDatasets(index.table, datasets).map((whole) => datasetView(index, whole));
  let answer: Answer;
  try {
    answer = constraint.apply(show(group), show(visible));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AlmanacError("PROVIDER_INVALID", `constraint "${constraint.name}" threw: ${message}`, {
      cause,
    });
  }
  const isObject = typeof answer === "object" && answer !== null;
  if (isObject && ("keep" in answer ? Array.isArray(answer.keep) : typeof answer.reject === "string"))
    return answer;
  throw new AlmanacError(
    "PROVIDER_INVALID",
    `constraint "${constraint.name}" returned neither {keep: [ids]} nor {reject: "why"}`,
  );
}

function datasetsOf(
  ids: readonly string[],
  constraint: CustomConstraint,
  { index, visible }: { readonly index: TableIndex; readonly visible: Int32Array },
): Int32Array {
  const byId = new Map(wholeDatasets(index.table, visible).map(({ id, rows }) => [id, rows]));
  return union(
    ids.map((id) => {
      const rows = byId.get(id);
      if (rows !== undefined) return rows;
      throw new AlmanacError(
        "PROVIDER_INVALID",
        `constraint "${constraint.name}" keeps "${id}", which is neither in the group nor in its footprint`,
        { facts: { constraint: constraint.name, id } },
      );
    }),
  );
}

/** A dataset as users' constraints see it; frozen, made once per table. */
function datasetView(index: TableIndex, whole: WholeDataset): ConstraintDataset {
  const views = memoised(index, "views", () => new Map<string, ConstraintDataset>());
  const name = whole.rows.join();
  const known = views.get(name);
  if (known !== undefined) return known;
  const { table } = index;
  const [dataset] = whole.rows as readonly [number, ...number[]];
  const facets: Record<string, string> = {};
  for (const [name, column] of table.facets) {
    const value = column.values[column.codes[dataset] as number];
    if (value !== undefined) facets[name] = value;
  }
  const files = Object.freeze(filesOfWhole(table, whole).map((file) => Object.freeze(fileView(index, file))));
  const view: ConstraintDataset = Object.freeze({ id: whole.id, facets: Object.freeze(facets), files });
  views.set(name, view);
  return view;
}

function fileView(index: TableIndex, file: number): ConstraintDataset["files"][number] {
  const { table } = index;
  const start = table.start[file] as number;
  const end = table.end[file] as number;
  const calendar = calendarOf(index, file);
  return {
    path: table.paths[file] as string,
    ...(Number.isNaN(start) ? {} : { start: formatDateTime(unpackDateTime(start)) }),
    ...(Number.isNaN(end) ? {} : { end: formatDateTime(unpackDateTime(end)) }),
    ...(calendar === undefined ? {} : { calendar }),
  };
}
