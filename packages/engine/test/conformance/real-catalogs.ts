import { contentId } from "../../src/core/catalog/content-id.ts";
import type { Dataset, DatasetFile } from "../../src/core/catalog/dataset.ts";
import type { Snapshot } from "../../src/core/catalog/snapshot.ts";
import { buildTable } from "../../src/core/catalog/snapshot-builder.ts";
import { AlmanacError } from "../../src/core/errors.ts";
import { compareCodeUnits } from "../../src/core/identity/compare.ts";
import { type CatalogRow, catalogFile, readCatalogRows } from "./catalog-rows.ts";

/** Identity facets of the source types in the peers' catalogs. */
const declarations = {
  cmip6: "activity_id institution_id source_id experiment_id member_id table_id variable_id grid_label",
  cmip7:
    "activity_id institution_id source_id experiment_id variant_label region frequency variable_id branding_suffix grid_label",
  obs4mips: "activity_id institution_id source_id frequency variable_id nominal_resolution grid_label",
  "pmp-climatology":
    "activity_id institution_id source_id frequency variable_id nominal_resolution grid_label",
  "esmvaltool-reference": "project source_id frequency variable_id",
} as const;

/**
 * The catalogs of a folder as one snapshot: a file per source type, named after it, in any of the forms that
 * `readCatalogRows` knows. A source type without a file is absent.
 * @throws ENVIRONMENT_INVALID when there is none at all
 */
export async function loadRealCatalogs(folder: string): Promise<Snapshot> {
  const tables = await Promise.all(
    Object.entries(declarations).map(async ([name, identity]) => {
      const file = catalogFile(folder, name);
      if (file === undefined) return [];
      const datasets = datasetsOf(name, await readCatalogRows(file));
      return [[name, buildTable({ name, identityFacets: identity.split(" ") }, datasets)] as const];
    }),
  );
  if (tables.flat().length > 0) return { revision: 1, tables: new Map(tables.flat()) };
  const names = Object.keys(declarations).join(", ");
  throw new AlmanacError("ENVIRONMENT_INVALID", `${folder} has no catalog of ${names}`);
}

const fileColumns = new Set([
  "start_time",
  "end_time",
  "calendar",
  "time_units",
  "path",
  "tracking_id",
  "finalised",
]);

/** Rows, one per file, as datasets; facets are those of the first file in path order. */
function datasetsOf(sourceType: string, rows: readonly CatalogRow[]): readonly Dataset[] {
  const byId = Map.groupBy(rows, (row) => String(row["instance_id"]));
  return [...byId].map(([id, ofDataset]) => ({
    sourceType,
    id,
    facets: facetsOf(
      ofDataset.reduce((first, row) =>
        compareCodeUnits(String(row["path"]), String(first["path"])) < 0 ? row : first,
      ),
    ),
    finalised: ofDataset.every((row) => row["finalised"] !== false && row["finalised"] !== "False"),
    files: ofDataset.map(fileOf),
  }));
}

function facetsOf(row: CatalogRow): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      const text = textOf(value);
      return fileColumns.has(name) || text === undefined ? [] : [[name, text]];
    }),
  );
}

function fileOf(row: CatalogRow): DatasetFile {
  const start = textOf(row["start_time"]);
  const end = textOf(row["end_time"]);
  const calendar = textOf(row["calendar"]);
  const trackingId = textOf(row["tracking_id"]);
  return {
    path: String(row["path"]),
    contentId: contentId(trackingId === undefined ? {} : { trackingId }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(calendar === undefined ? {} : { calendar }),
  };
}

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined || Number.isNaN(value) ? undefined : String(value);
}
