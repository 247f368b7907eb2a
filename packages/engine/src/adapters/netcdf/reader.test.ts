import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { netcdf3Bytes } from "../../../test/support/netcdf3-bytes.ts";
import { isAlmanacError } from "../../core/errors.ts";
import { openNetcdf, withNetcdf } from "./reader.ts";
import { readTimeAxis } from "./time-axis.ts";
import { type NetcdfContent, writeNetcdf } from "./writer.ts";

const folder = mkdtempSync(join(tmpdir(), "almanac-reader-"));
after(() => rmSync(folder, { recursive: true }));

const content: NetcdfContent = {
  dimensions: { time: 2, lat: 2, lon: 3, bnds: 2 },
  unlimited: "time",
  variables: [
    {
      name: "time",
      dimensions: ["time"],
      data: Float64Array.of(31, 59),
      attributes: { units: "days since 2000-01-01", calendar: "noleap", bounds: "time_bnds" },
    },
    { name: "time_bnds", dimensions: ["time", "bnds"], data: Float64Array.of(0, 31, 31, 59), attributes: {} },
    {
      name: "lat",
      dimensions: ["lat"],
      data: Float64Array.of(-45, 45),
      attributes: { units: "degrees_north" },
    },
    {
      name: "lon",
      dimensions: ["lon"],
      data: Float64Array.of(0, 120, 240),
      attributes: { units: "degrees_east" },
    },
    { name: "height", dimensions: [], data: Float64Array.of(2), attributes: { units: "m" } },
    {
      name: "tas",
      dimensions: ["time", "lat", "lon"],
      type: "float32",
      data: Float64Array.from({ length: 12 }, (_, at) => (at === 4 ? Number.NaN : at)),
      attributes: { units: "K", flags: [1, 2], long_name: "Wärme" },
    },
    {
      name: "packed",
      dimensions: ["lon"],
      data: Int32Array.of(1, -9, 3),
      attributes: { scale_factor: 0.5, add_offset: 10, missing_value: -9 },
    },
  ],
  attributes: { title: "test", realization: 3 },
};

const file = join(folder, "written.nc");
await writeNetcdf(file, content);

test("what is written is read back, with dimensions, attributes and missing values", async () => {
  await withNetcdf(file, (opened) => {
    assert.deepEqual(opened.attributes, { Conventions: "CF-1.11", title: "test", realization: 3 });
    const tas = opened.requireVariable("tas");
    assert.deepEqual(tas.dimensions, ["time", "lat", "lon"]);
    assert.deepEqual(tas.shape, [2, 2, 3]);
    assert.equal(tas.attributes["long_name"], "Wärme");
    assert.deepEqual(tas.attributes["flags"], [1, 2]);
    assert.deepEqual([...opened.read("tas")], [0, 1, 2, 3, Number.NaN, 5, 6, 7, 8, 9, 10, 11]);
    assert.deepEqual([...opened.read("height")], [2]);
    assert.ok(!opened.variables.has("bnds"), "a dimension without coordinate is no variable");
  });
});

test("a part of a variable is read", async () => {
  await withNetcdf(file, (opened) => {
    assert.deepEqual([...opened.read("tas", { start: [1, 0, 1], count: [1, 2, 2] })], [7, 8, 10, 11]);
    assert.equal(opened.read("tas", { start: [0, 0, 0], count: [0, 2, 3] }).length, 0);
  });
});

test("packed values are unpacked after missing ones are taken out", async () => {
  await withNetcdf(file, (opened) => assert.deepEqual([...opened.read("packed")], [10.5, Number.NaN, 11.5]));
});

test("floating-point variables without fill value have the format's default one", async () => {
  const path = join(folder, "default-fill.nc");
  const values = [1, 9.969209968386869e36];
  writeFileSync(
    path,
    netcdf3Bytes({
      version: 1,
      dimensions: { x: 2 },
      attributes: {},
      variables: [{ name: "a", dimensions: ["x"], attributes: {}, values }],
    }),
  );
  await withNetcdf(path, (opened) => assert.deepEqual([...opened.read("a")], [1, Number.NaN]));
});

test("time is decoded in the file's calendar, at the middle of the bounds", async () => {
  await withNetcdf(file, (opened) => {
    const axis = readTimeAxis(opened);
    assert.equal(axis.calendar, "noleap");
    assert.deepEqual(
      axis.times.map(({ month, day }) => [month, day]),
      [
        [1, 16],
        [2, 15],
      ],
    );
  });
});

for (const version of [1, 2] as const)
  test(`NetCDF-3 version ${version}: records, parts, attributes and missing values`, async () => {
    const path = join(folder, `classic-${version}.nc`);
    writeFileSync(
      path,
      netcdf3Bytes({
        version,
        dimensions: { time: 0, lat: 2, lon: 2 },
        records: 3,
        attributes: { title: "klassisch" },
        variables: [
          {
            name: "time",
            dimensions: ["time"],
            attributes: { units: "days since 2000-01-01" },
            values: [15, 45, 75],
          },
          { name: "lat", dimensions: ["lat"], attributes: {}, values: [-45, 45] },
          {
            name: "tas",
            dimensions: ["time", "lat", "lon"],
            attributes: { units: "K", _FillValue: [1e20] },
            values: [0, 1, 2, 3, 4, 1e20, 6, 7, 8, 9, 10, 11],
          },
        ],
      }),
    );
    await withNetcdf(path, (opened) => {
      assert.equal(opened.attributes["title"], "klassisch");
      assert.deepEqual(opened.requireVariable("tas").dimensions, ["time", "lat", "lon"]);
      assert.deepEqual([...opened.read("time")], [15, 45, 75]);
      assert.deepEqual([...opened.read("tas")], [0, 1, 2, 3, 4, Number.NaN, 6, 7, 8, 9, 10, 11]);
      assert.deepEqual([...opened.read("tas", { start: [1, 1, 0], count: [2, 1, 2] })], [6, 7, 10, 11]);
    });
  });

test("missing, foreign and truncated files are told apart", async () => {
  const refused = async (path: string, code: "FILE_MISSING" | "FILE_INVALID") =>
    assert.rejects(openNetcdf(path), (error) => isAlmanacError(error, code) && error.message.includes(path));
  await refused(join(folder, "absent.nc"), "FILE_MISSING");
  const foreign = join(folder, "page.nc");
  writeFileSync(foreign, "<!DOCTYPE html><html></html>");
  await refused(foreign, "FILE_INVALID");
  const truncated = join(folder, "truncated.nc");
  writeFileSync(truncated, readFileSync(file));
  truncateSync(truncated, 3000);
  await refused(truncated, "FILE_INVALID");
});

test("a variable that is not there is named", async () => {
  await withNetcdf(file, (opened) =>
    assert.throws(
      () => opened.read("pr"),
      (error) => isAlmanacError(error, "FILE_INVALID") && /no variable pr/.test(error.message),
    ),
  );
});

test("equal content gives equal bytes, whenever it is written", async () => {
  const again = join(folder, "again.nc");
  // HDF5 keeps times in seconds.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await writeNetcdf(again, content);
  assert.ok(readFileSync(file).equals(readFileSync(again)));
});

test("data that do not fit their dimensions are refused", async () => {
  const wrong: NetcdfContent = {
    dimensions: { x: 3 },
    variables: [{ name: "a", dimensions: ["x"], data: Float64Array.of(1), attributes: {} }],
    attributes: {},
  };
  await assert.rejects(writeNetcdf(join(folder, "wrong.nc"), wrong), (error) =>
    isAlmanacError(error, "ARTIFACT_INVALID"),
  );
});
