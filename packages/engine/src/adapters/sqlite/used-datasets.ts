import type { InputDataset } from "../../core/execution/definition.ts";
import type { Connection } from "./connection.ts";

/**
 * Makes datasets that a run took while it went on inputs of it, after those it began with; twice is once. Call it inside a
 * write transaction.
 */
export function linkUsedDatasets(
  connection: Connection,
  { execution, datasets }: { readonly execution: number; readonly datasets: readonly InputDataset[] },
): void {
  for (const { requirement, sourceType, id, files } of datasets)
    connection.run(
      `insert into execution_dataset (execution_id, position, requirement, source_type, instance_id, content_ids)
       select ?1, coalesce(max(position) + 1, 0), ?2, ?3, ?4, ?5 from execution_dataset where execution_id = ?1
       having not exists (select 1 from execution_dataset
         where execution_id = ?1 and source_type = ?3 and instance_id = ?4)`,
      execution,
      requirement,
      sourceType,
      id,
      JSON.stringify(files.map(({ contentId }) => contentId)),
    );
}
