import type { RunContext } from "../../core/execution/run-context.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { DatasetCatalog } from "../../ports/dataset-catalog.ts";
import type { ExecutionCatalog } from "../../ports/execution-catalog.ts";
import type { FeatureCatalog } from "../../ports/feature-catalog.ts";
import type { RunCatalog } from "../../ports/run-catalog.ts";
import type { TypedRecordCatalog } from "../../ports/typed-record-catalog.ts";
import type { ValueCatalog } from "../../ports/value-catalog.ts";
import type { VocabularyCatalog } from "../../ports/vocabulary-catalog.ts";

/** What can be read of a catalog; there is nothing to write with. */
export interface ReadCatalog {
  readonly datasets: Pick<DatasetCatalog, "list" | "datasets">;
  readonly executions: Pick<ExecutionCatalog, "execution" | "list" | "definition">;
  readonly values: Pick<ValueCatalog, "values" | "outputs">;
  readonly assets: Pick<AssetCatalog, "asset" | "list" | "kinds" | "uses">;
  readonly runs: Pick<RunCatalog, "children" | "parents">;
  readonly features: Pick<FeatureCatalog, "features" | "feature" | "count" | "values">;
  readonly typedRecords: Pick<TypedRecordCatalog, "types" | "record" | "list">;
  readonly vocabularies: Pick<VocabularyCatalog, "vocabularies" | "terms" | "find" | "names">;
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
  features,
  typedRecords,
  vocabularies,
}: {
  readonly datasets: DatasetCatalog;
  readonly executions: ExecutionCatalog;
  readonly values: ValueCatalog;
  readonly assets: AssetCatalog;
  readonly runs: RunCatalog;
  readonly features: FeatureCatalog;
  readonly typedRecords: TypedRecordCatalog;
  readonly vocabularies: VocabularyCatalog;
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
    features: {
      features: () => features.features(),
      feature: (name) => features.feature(name),
      count: (name) => features.count(name),
      values: (page) => features.values(page),
    },
    typedRecords: {
      types: () => typedRecords.types(),
      record: (rid) => typedRecords.record(rid),
      list: (query) => typedRecords.list(query),
    },
    vocabularies: {
      vocabularies: () => vocabularies.vocabularies(),
      terms: (vocabulary) => vocabularies.terms(vocabulary),
      find: (name) => vocabularies.find(name),
      names: (vocabulary, spellings) => vocabularies.names(vocabulary, spellings),
    },
  };
}
