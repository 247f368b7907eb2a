import type { FeatureDefinition, FeatureValue } from "../../core/records/feature.ts";
import { featureName, requireFeature } from "../../core/records/feature.ts";
import type { FeatureCatalog, FeaturePage } from "../../ports/feature-catalog.ts";
import type { Connection } from "./connection.ts";
import {
  declareFeature,
  featureOf,
  findFeature,
  requireFeatureRow,
  requireNamed,
} from "./record-declarations.ts";
import { optionalRid, ridNumber, ridText } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { FeatureRecordRow, FeatureRow } from "./schema.ts";

/** Features in SQLite. */
export class SqliteFeatureCatalog implements FeatureCatalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async features(): Promise<readonly FeatureDefinition[]> {
    return this.#connection
      .all<FeatureRow>("select * from feature order by target_name, name")
      .map(featureOf);
  }

  async feature(name: string): Promise<FeatureDefinition | undefined> {
    const row = findFeature(this.#connection, name);
    return row && featureOf(row);
  }

  async define(feature: FeatureDefinition): Promise<void> {
    requireFeature(feature);
    await this.#connection.write("catalog.record", () => {
      requireNamed(this.#connection, feature.columns);
      declareFeature(this.#connection, feature);
    });
  }

  async count(name: string): Promise<{ readonly values: number; readonly targets: number }> {
    const { id } = requireFeatureRow(this.#connection, name);
    const row = this.#connection.get<{ values: number; targets: number }>(
      `select count(*) as "values", count(distinct target_id) as targets from feature_record
       where feature_id = ?`,
      id,
    );
    return { values: row?.values ?? 0, targets: row?.targets ?? 0 };
  }

  /** One target's executions are few: a page begins behind a target and an execution by the primary key. */
  async values({ feature, targets, after, limit }: FeaturePage): Promise<readonly FeatureValue[]> {
    const row = requireFeatureRow(this.#connection, feature);
    const target = after === undefined ? -1 : ridNumber(after.target);
    const execution = after === undefined ? -1 : ridNumber(after.execution);
    return this.#connection
      .all<FeatureRecordRow & { workflow_id: number | null; created_at: string }>(
        `select feature_record.*, workflow_id, created_at from feature_record
         join execution on execution.id = execution_id
         where feature_id = ?1 and (target_id, execution_id) > (?2, ?3)
         and (?4 is null or target_id in (select value from json_each(?4)))
         order by target_id, execution_id limit ?5`,
        row.id,
        target,
        execution,
        targets === undefined ? null : JSON.stringify(targets.map(ridNumber)),
        limit,
      )
      .map((each) => valueOf(featureName(featureOf(row)), each));
  }
}

function valueOf(
  feature: string,
  row: FeatureRecordRow & { readonly workflow_id: number | null; readonly created_at: string },
): FeatureValue {
  const workflow = optionalRid(row.workflow_id);
  return {
    feature,
    target: ridText(row.target_id),
    execution: ridText(row.execution_id),
    ...(workflow === undefined ? {} : { workflow }),
    at: row.created_at,
    values: storedJson<FeatureValue["values"]>(row.body),
  };
}
