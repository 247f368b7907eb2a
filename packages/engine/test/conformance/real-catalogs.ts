import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { parquetReadObjects } from "hyparquet";
import { contentId } from "../../src/core/catalog/content-id.ts";
import type { Dataset, DatasetFile } from "../../src/core/catalog/dataset.ts";
import type { Snapshot } from "../../src/core/catalog/snapshot.ts";
import { buildTable } from "../../src/core/catalog/snapshot-builder.ts";

/** Identity facets of the source types in the peers' catalogs. */
const declarations = {
  cmip6: {
    file: "cmip6.parquet",
    identity: "activity_id institution_id source_id experiment_id member_id table_id variable_id grid_label",
  },
  cmip7: {
    file: "cmip7.ndjson.gz",
    identity:
      "activity_id institution_id source_id experiment_id variant_label region frequency variable_id branding_suffix grid_label",
  },
  obs4mips: {
    file: "obs4mips.parquet",
    identity: "activity_id institution_id source_id frequency variable_id nominal_resolution grid_label",
  },
  "pmp-climatology": {
    file: "pmp-climatology.parquet",
    identity: "activity_id institution_id source_id frequency variable_id nominal_resolution grid_label",
  },
  "esmvaltool-reference": {
    file: "esmvaltool-reference.parquet",
    identity: "project source_id frequency variable_id",
  },
} as const;

type Row = Readonly<Record<string, unknown>>;

/** The five real catalogs as one snapshot. */
export async function loadRealCatalogs(folder: string): Promise<Snapshot> {
  const tables = Object.entries(declarations).map(async ([name, { file, identity }]) => {
    const rows = await readRows(path.join(folder, file));
    const identityFacets = identity.split(" ");
    return [name, buildTable({ name, identityFacets }, datasetsOf(name, rows))] as const;
  });
  return { revision: 1, tables: new Map(await Promise.all(tables)) };
}

async function readRows(file: string): Promise<readonly Row[]> {
  const bytes = readFileSync(file);
  if (!file.endsWith(".gz")) {
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    return parquetReadObjects({ file: buffer });
  }
  const lines = gunzipSync(bytes).toString("utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Row);
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

/** Rows, one per file, as datasets; facets are those of the first file. */
function datasetsOf(sourceType: string, rows: readonly Row[]): readonly Dataset[] {
  const byId = Map.groupBy(rows, (row) => String(row["instance_id"]));
  return [...byId].map(([id, ofDataset]) => ({
    sourceType,
    id,
    facets: facetsOf(ofDataset[0] ?? {}),
    finalised: ofDataset.every((row) => row["finalised"] !== false),
    files: ofDataset.map(fileOf),
  }));
}

function facetsOf(row: Row): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      const text = textOf(value);
      return fileColumns.has(name) || text === undefined ? [] : [[name, text]];
    }),
  );
}

function fileOf(row: Row): DatasetFile {
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
