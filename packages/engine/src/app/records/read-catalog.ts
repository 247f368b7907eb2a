import type { RunContext } from "../../core/execution/run-context.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { DatasetCatalog } from "../../ports/dataset-catalog.ts";
import type { ExecutionCatalog } from "../../ports/execution-catalog.ts";
import type { RunCatalog } from "../../ports/run-catalog.ts";
import type { ValueCatalog } from "../../ports/value-catalog.ts";

/** What can be read of a catalog; there is nothing to write with. */
export interface ReadCatalog {
  readonly datasets: Pick<DatasetCatalog, "list" | "datasets">;
  readonly executions: Pick<ExecutionCatalog, "execution" | "list" | "definition">;
  readonly values: Pick<ValueCatalog, "values" | "outputs">;
  readonly assets: Pick<AssetCatalog, "asset" | "list" | "kinds" | "uses">;
  readonly runs: Pick<RunCatalog, "children" | "parents">;
}

/** What a function that is run as a whole gets. */
export interface ModelArguments {
  /** The resolved configuration. */
  readonly config: RunContext["config"];
  readonly execution: RunContext;
  readonly catalog: ReadCatalog;
}

/** The reading half of a catalog: writing is not refused but not there. */
export function readCatalogOf({
  datasets,
  executions,
  values,
  assets,
  runs,
}: {
  readonly datasets: DatasetCatalog;
  readonly executions: ExecutionCatalog;
  readonly values: ValueCatalog;
  readonly assets: AssetCatalog;
  readonly runs: RunCatalog;
}): ReadCatalog {
  return {
    datasets: {
      list: (query) => datasets.list(query),
      datasets: (sourceType, ids) => datasets.datasets(sourceType, ids),
    },
    executions: {
      execution: (rid) => executions.execution(rid),
      list: (query) => executions.list(query),
      definition: (rid) => executions.definition(rid),
    },
    values: { values: (query) => values.values(query), outputs: (rid) => values.outputs(rid) },
    assets: {
      asset: (rid) => assets.asset(rid),
      list: (query) => assets.list(query),
      kinds: () => assets.kinds(),
      uses: (rid) => assets.uses(rid),
    },
    runs: {
      children: (rid, recursive) => runs.children(rid, recursive),
      parents: (rid, recursive) => runs.parents(rid, recursive),
    },
  };
}
