import type { ExpressionBuilder, Kysely } from "kysely";
import { conditionName, parseSelection } from "../../core/catalog/selection.ts";
import type { ManifestArtifact } from "../../core/execution/manifest.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import type { Scalar, Series, ValueKind } from "../../core/results/value.ts";
import type { Transition } from "../../ports/execution-catalog.ts";
import type {
  ExecutionResults,
  ListedValue,
  OutputRecord,
  Publication,
  ValueCatalog,
  ValueQuery,
} from "../../ports/value-catalog.ts";
import type { Connection } from "./connection.ts";
import { runsProvider } from "./execution-queries.ts";
import { applyTransition, findExecution } from "./execution-transition.ts";
import { contains, meets, member, noLimit, queryBuilder, rowsOf } from "./queries.ts";
import { resolveRid, ridText } from "./rids.ts";
import { storedJson, withoutNulls } from "./row-values.ts";
import type {
  ArtifactRow,
  AxisRow,
  CatalogSchema,
  GroupRow,
  OutputRow,
  SeriesRow,
  ValueRow,
} from "./schema.ts";
import { publishResults } from "./values-publish.ts";

/** Values, outputs and artifacts in SQLite. */
export class SqliteValueCatalog implements ValueCatalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async publish(results: ExecutionResults, transition: Transition | undefined): Promise<void> {
    await this.publishAll([{ results, transition }], []);
  }

  async publishAll(publications: readonly Publication[], others: readonly Transition[]): Promise<void> {
    await this.#connection.write("catalog.publish", () => {
      for (const transition of others) applyTransition(this.#connection, transition);
      for (const publication of publications) publishResults(this.#connection, publication);
    });
  }

  async values(
    query: ValueQuery,
  ): Promise<{ readonly items: readonly ListedValue[]; readonly total: number }> {
    const db = await queryBuilder(this.#connection);
    return this.#connection.read(() => {
      const found = foundValues(db, query, (rids) => this.#executionIds(rids));
      const count = found.select(({ fn }) => fn.countAll<number>().as("total"));
      return {
        items: rowsOf<ListedRow>(this.#connection, page(found, query)).map(listedValue),
        total: rowsOf(this.#connection, count)[0]?.total ?? 0,
      };
    });
  }

  async outputs(
    execution: Rid,
  ): Promise<{ readonly outputs: readonly OutputRecord[]; readonly artifacts: readonly ManifestArtifact[] }> {
    return this.#connection.read(() => {
      const id = findExecution(this.#connection, execution)?.id ?? 0;
      return {
        outputs: this.#connection
          .all<OutputRow>("select * from output where execution_id = ? order by position", id)
          .map(outputOf),
        artifacts: this.#connection
          .all<ArtifactRow>("select * from artifact where execution_id = ? order by position", id)
          .map(artifactOf),
      };
    });
  }

  #executionIds(rids: readonly Rid[]): readonly number[] {
    return rids.flatMap((rid) => resolveRid(this.#connection, { kind: "execution", rid }).slice(0, 1));
  }
}

type ListedRow = ValueRow &
  Pick<GroupRow, "provider" | "diagnostic" | "version"> & {
    readonly numbers: SeriesRow["numbers"] | null;
    readonly long_name: SeriesRow["long_name"];
    readonly reference_id: SeriesRow["reference_id"];
    readonly axis_name: AxisRow["name"] | null;
    readonly axis_units: AxisRow["units"];
    readonly calendar: AxisRow["calendar"];
    readonly points: AxisRow["points"] | null;
  };

/** The values that a query asks for, without columns, order and page. */
function foundValues(
  db: Kysely<CatalogSchema>,
  query: ValueQuery,
  idsOf: (rids: readonly Rid[]) => readonly number[],
) {
  const exact = query.exactNames === true;
  let select = db
    .selectFrom("stored_value")
    .innerJoin("execution", "execution.id", "stored_value.execution_id")
    .leftJoin("execution_group", "execution_group.id", "execution.group_id")
    .leftJoin("workflow", "workflow.id", "execution.workflow_id")
    .where((eb) => contains(eb, providerOf(eb), { texts: query.provider, exact }))
    .where((eb) => contains(eb, diagnosticOf(eb), { texts: query.diagnostic, exact }));
  if (query.kind !== undefined) select = select.where("stored_value.form", "=", query.kind);
  if (query.executions !== undefined)
    select = select.where("stored_value.execution_id", "in", [...idsOf(query.executions)]);
  else if (query.all !== true)
    select = select.where((eb) =>
      eb.or([
        eb("execution.group_id", "is", null),
        eb.and([
          eb("execution_group.current_execution", "=", eb.ref("execution.id")),
          eb("execution_group.version", "=", promotedVersion(eb)),
        ]),
      ]),
    );
  for (const condition of parseSelection(query.selection ?? []))
    select = select.where((eb) =>
      meets(eb, member(eb, "stored_value.dimensions", conditionName(condition)), condition),
    );
  return select;
}

type Names = ExpressionBuilder<CatalogSchema, "execution_group" | "workflow">;

/** Values of recorded runs go by the provider `runs` and the name of the workflow. */
function providerOf(eb: Names) {
  return eb.fn.coalesce("execution_group.provider", eb.val(runsProvider));
}

function diagnosticOf(eb: Names) {
  return eb.fn.coalesce("execution_group.diagnostic", "workflow.name");
}

/** The highest version of the diagnostic that has published results. */
function promotedVersion(eb: Names) {
  return eb
    .selectFrom("execution_group as other")
    .select(({ fn }) => fn.max("other.version").as("version"))
    .whereRef("other.provider", "=", "execution_group.provider")
    .whereRef("other.diagnostic", "=", "execution_group.diagnostic")
    .where("other.current_execution", "is not", null);
}

function page(found: ReturnType<typeof foundValues>, { limit, offset }: ValueQuery) {
  return found
    .leftJoin("series", "series.value_id", "stored_value.id")
    .leftJoin("axis", "axis.digest", "series.axis_digest")
    .selectAll("stored_value")
    .select((eb) => [providerOf(eb).as("provider"), diagnosticOf(eb).as("diagnostic")])
    .select((eb) => eb.fn.coalesce("execution_group.version", eb.lit(0)).as("version"))
    .select(["numbers", "long_name", "reference_id"])
    .select(["axis.name as axis_name", "axis.units as axis_units", "calendar", "points"])
    .orderBy("provider")
    .orderBy("diagnostic")
    .orderBy("group_key")
    .orderBy("execution.id")
    .orderBy("stored_value.form")
    .orderBy("stored_value.dimensions")
    .orderBy("stored_value.id")
    .limit(limit ?? noLimit)
    .offset(offset ?? 0);
}

function listedValue(row: ListedRow): ListedValue {
  return {
    rid: ridText(row.id),
    execution: ridText(row.execution_id),
    provider: row.provider,
    diagnostic: row.diagnostic,
    version: row.version,
    value: row.form === "scalar" ? scalarOf(row) : seriesOf(row),
  };
}

function scalarOf(row: ListedRow): Scalar {
  return {
    dimensions: storedJson<Scalar["dimensions"]>(row.dimensions),
    kind: row.kind as ValueKind,
    value: row.number,
    ...withoutNulls<{ units: string }>({ units: row.units }),
    attributes: storedJson<Scalar["attributes"]>(row.attributes),
  };
}

function seriesOf(row: ListedRow): Series {
  return {
    dimensions: storedJson<Series["dimensions"]>(row.dimensions),
    kind: row.kind as ValueKind,
    values: storedJson<Series["values"]>(row.numbers ?? "[]"),
    index: storedJson<Series["index"]>(row.points ?? "[]"),
    indexName: row.axis_name ?? "",
    ...withoutNulls<{
      indexUnits: string;
      calendar: string;
      valueUnits: string;
      valueLongName: string;
      referenceId: string;
    }>({
      indexUnits: row.axis_units,
      calendar: row.calendar,
      valueUnits: row.units,
      valueLongName: row.long_name,
      referenceId: row.reference_id,
    }),
    attributes: storedJson<Series["attributes"]>(row.attributes),
  };
}

function outputOf(row: OutputRow): OutputRecord {
  return {
    kind: row.kind as OutputRecord["kind"],
    shortName: row.short_name,
    path: row.path,
    longName: row.long_name,
    description: row.description,
    dimensions: storedJson<OutputRecord["dimensions"]>(row.dimensions),
  };
}

function artifactOf(row: ArtifactRow): ManifestArtifact {
  return {
    name: row.name,
    path: row.path,
    kind: row.kind,
    types: storedJson<readonly string[]>(row.types),
    mode: row.mode as ManifestArtifact["mode"],
    metadata: storedJson<Readonly<Record<string, Json>>>(row.metadata),
    description: row.description,
    keepOnFailure: row.keep_on_failure === 1,
    ...withoutNulls<{ sizeBytes: number; sha256: string }>({ sizeBytes: row.size_bytes, sha256: row.sha256 }),
  };
}
