import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { writeNetcdf } from "../../src/adapters/netcdf/writer.ts";
import { writeSyntheticArchive } from "../../src/entry/library/testing.ts";

const python = process.env["ALMANAC_TEST_PYTHON"];
const skip = python === undefined && "ALMANAC_TEST_PYTHON names no Python with xarray and netCDF4";

const script = `
import json, sys, netCDF4, xarray
out = []
for path in sys.argv[1:]:
    with netCDF4.Dataset(path) as file:
        # netCDF4 keeps whole bookkeeping, xarray decodes; both must take the file.
        described = {name: [list(variable.dimensions), variable[:].tolist()] for name, variable in file.variables.items()}
        dimensions = {name: [len(dimension), dimension.isunlimited()] for name, dimension in file.dimensions.items()}
        attributes = {name: file.getncattr(name) for name in file.ncattrs()}
    with xarray.open_dataset(path) as data:
        times = [str(time) for time in data.time.values[:2]] if "time" in data.coords else []
        missing = {name: int(data[name].isnull().sum()) for name in data.data_vars}
    out.append(dict(described=described, dimensions=dimensions, title=str(attributes.get("title")), times=times, missing=missing))
print(json.dumps(out, default=str))
`;

interface Seen {
  readonly described: Readonly<Record<string, readonly [readonly string[], unknown]>>;
  readonly dimensions: Readonly<Record<string, readonly [number, boolean]>>;
  readonly title: string;
  readonly times: readonly string[];
  readonly missing: Readonly<Record<string, number>>;
}

describe("NetCDF files as other readers see them", { skip }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "almanac-files-"));
  after(() => rmSync(folder, { recursive: true }));

  function look(...files: readonly string[]): readonly Seen[] {
    const printed = execFileSync(python ?? "", ["-c", script, ...files], {
      encoding: "utf8",
      maxBuffer: 1e9,
    });
    return JSON.parse(printed) as readonly Seen[];
  }

  it("have dimensions, an unlimited one too, text, missing values and decodable times", async () => {
    const file = path.join(folder, "written.nc");
    await writeNetcdf(file, {
      dimensions: { time: 2, x: 3, bnds: 2 },
      unlimited: "time",
      variables: [
        {
          name: "time",
          dimensions: ["time"],
          data: Float64Array.of(15, 45),
          attributes: { units: "days since 0101-01-01", calendar: "360_day", bounds: "time_bnds" },
        },
        {
          name: "time_bnds",
          dimensions: ["time", "bnds"],
          data: Float64Array.of(0, 30, 30, 60),
          attributes: {},
        },
        { name: "scalar", dimensions: [], data: Float64Array.of(7), attributes: { units: "K" } },
        {
          name: "tas",
          dimensions: ["time", "x"],
          type: "float32",
          data: Float64Array.of(1, Number.NaN, 3, 4, 5, 6),
          attributes: { units: "K" },
        },
      ],
      attributes: { title: "Über alles Gemittelte" },
    });
    const [seen] = look(file);
    assert.deepEqual(seen?.dimensions, { time: [2, true], x: [3, false], bnds: [2, false] });
    assert.deepEqual(seen?.described["tas"], [
      ["time", "x"],
      [
        [1, null, 3],
        [4, 5, 6],
      ],
    ]);
    assert.deepEqual(seen?.described["scalar"], [[], 7]);
    assert.equal(seen?.title, "Über alles Gemittelte");
    assert.deepEqual(seen?.times, ["0101-01-16 00:00:00", "0101-02-16 00:00:00"]);
    assert.equal(seen?.missing["tas"], 1);
  });

  it("of the synthetic archive are all readable but the truncated one", async () => {
    const archive = await writeSyntheticArchive(path.join(folder, "archive"), { models: 1 });
    const files = archive.files.filter((file) => file !== archive.truncated);
    for (const seen of look(...files)) assert.deepEqual(seen.dimensions["lat"], [8, false]);
  });
});
