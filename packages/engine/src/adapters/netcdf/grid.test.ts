import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import { latitudeWeights, readGrid } from "./grid.ts";
import { withNetcdf } from "./reader.ts";
import { type VariableToWrite, writeNetcdf } from "./writer.ts";

const folder = mkdtempSync(join(tmpdir(), "almanac-grid-"));
after(() => rmSync(folder, { recursive: true }));

const tos: VariableToWrite = {
  name: "tos",
  dimensions: ["j", "i"],
  data: new Float64Array(4),
  attributes: { units: "degC", coordinates: "latitude longitude" },
};

async function gridOf(name: string, variables: readonly VariableToWrite[]) {
  const path = join(folder, name);
  await writeNetcdf(path, { dimensions: { j: 2, i: 2 }, variables, attributes: {} });
  return withNetcdf(path, (file) => readGrid(file, file.requireVariable("tos")));
}

test("coordinates of two dimensions make a curvilinear grid, which has no weights by latitude", async () => {
  const coordinate = (name: string, units: string, data: readonly number[]): VariableToWrite => ({
    name,
    dimensions: ["j", "i"],
    data: Float64Array.from(data),
    attributes: { units },
  });
  const grid = await gridOf("curvilinear.nc", [
    coordinate("latitude", "degrees_north", [-60, -61, 60, 61]),
    coordinate("longitude", "degrees_east", [0, 180, 1, 181]),
    tos,
  ]);
  assert.equal(grid.kind, "curvilinear");
  assert.deepEqual(grid.extent, { south: -61, north: 61, west: 0, east: 181 });
  assert.throws(
    () => latitudeWeights(grid),
    (error) => isAlmanacError(error, "FILE_INVALID") && /addSupplementary/.test(error.hint ?? ""),
  );
});

test("a variable without latitude and longitude is an error", async () => {
  await assert.rejects(gridOf("bare.nc", [tos]), (error) => isAlmanacError(error, "FILE_INVALID"));
});
