import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Netcdf3Content, netcdf3Bytes } from "../../../test/support/netcdf3-bytes.ts";
import type { HeaderResult } from "../../ports/header-reader.ts";
import { loadHdf5 } from "./hdf5.ts";
import { readHeaderFile } from "./header-file.ts";
import { writeNetcdf } from "./writer.ts";

const folder = mkdtempSync(join(tmpdir(), "almanac-header-"));
after(() => rmSync(folder, { recursive: true }));
const hdf5 = await loadHdf5();
const module = await hdf5.ready;

const read = (path: string): HeaderResult => readHeaderFile(module, path);

function headerOf(path: string) {
  const result = read(path);
  assert.ok(result.ok, result.ok ? "" : result.reason);
  return result.header;
}

function refusalOf(path: string) {
  const result = read(path);
  assert.ok(!result.ok);
  assert.equal(result.path, path);
  return { code: result.code, reason: result.reason };
}

function file(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A NetCDF-4 file with a time, a level and a scalar height. */
async function sample(
  name: string,
  time: { units?: string; calendar?: string; values?: readonly number[] } = {},
) {
  const path = join(folder, name);
  const { values = [15.5, 45, 74.5], ...attributes } = time;
  await writeNetcdf(path, {
    dimensions: { time: values.length, plev: 2 },
    unlimited: "time",
    variables: [
      {
        name: "time",
        dimensions: ["time"],
        data: Float64Array.from(values),
        attributes: { units: "days since 1850-01-01", calendar: "noleap", ...attributes },
      },
      {
        name: "plev",
        dimensions: ["plev"],
        data: Float64Array.of(85000, 50000),
        attributes: { units: "Pa" },
      },
      { name: "height", dimensions: [], data: Float64Array.of(2), attributes: { units: "m" } },
      {
        name: "ta",
        dimensions: ["time", "plev"],
        data: new Float64Array(values.length * 2),
        attributes: { units: "K", standard_name: "air_temperature" },
      },
    ],
    attributes: { variable_id: "ta", institution: "Météo-France", branch_time_in_parent: 60265 },
  });
  return path;
}

test("a NetCDF-4 file tells attributes, levels and times", async () => {
  const header = headerOf(await sample("ta_sample.nc"));
  assert.equal(header.attributes["institution"], "Météo-France");
  assert.equal(header.attributes["branch_time_in_parent"], "60265");
  assert.equal(header.variables["ta"]?.["standard_name"], "air_temperature");
  assert.equal(header.variables["time"]?.["units"], "days since 1850-01-01");
  assert.deepEqual(Object.keys(header.variables), ["ta", "time"]);
  assert.equal(header.verticalLevels, 2);
  assert.equal(header.start, "1850-01-16 12:00:00");
  assert.equal(header.end, "1850-03-16 12:00:00");
  assert.equal(header.calendar, "noleap");
  assert.equal(header.timeUnits, "days since 1850-01-01");
});

test("attributes of the libraries themselves are left out", async () => {
  const header = headerOf(await sample("ta_internal.nc"));
  const names = Object.values(header.variables).flatMap((attributes) => Object.keys(attributes));
  assert.deepEqual(
    names.filter((name) => /^[A-Z]+_?[A-Z]*$|^_N/.test(name)),
    [],
  );
});

test("text attributes of variable length, lists of numbers and small floats are read", () => {
  const path = join(folder, "attributes.nc");
  const written = new hdf5.File(path, "w");
  written.create_attribute("title", "ünïcode", null, "S");
  written.create_attribute("history", "wörds", null, "A12");
  written.create_attribute("levels", Float64Array.of(850, 500.5));
  written.create_attribute("small", Float32Array.of(0.1), [], "<f");
  written.create_attribute("count", 7, [], "<h");
  written.create_attribute("nothing", Number.NaN, [], "<d");
  written.create_attribute("variable_id", "absent");
  written.create_dataset({ name: "depth", data: Float64Array.of(1, 2, 3) });
  written.close();
  const header = headerOf(path);
  assert.deepEqual(header.attributes, {
    title: "ünïcode",
    history: "wörds",
    levels: "850, 500.5",
    small: "0.1",
    count: "7",
    variable_id: "absent",
  });
  assert.deepEqual(header.variables, {});
  assert.equal(header.verticalLevels, 1, "a vertical variable that is no dimension counts nothing");
  assert.equal(header.start, undefined);
});

test("the file name tells the variable when no attribute does", () => {
  const path = join(folder, "tas_Amon.nc");
  const written = new hdf5.File(path, "w");
  written.create_dataset({ name: "tas", data: Float64Array.of(1) }).create_attribute("units", "K");
  written.close();
  assert.deepEqual(headerOf(path).variables, { tas: { units: "K" } });
});

test("a time coordinate that is not understood makes the file invalid and says so", async () => {
  const units = refusalOf(await sample("ta_units.nc", { units: "fortnights since 1850-01-01" }));
  assert.equal(units.code, "FILE_INVALID");
  assert.match(units.reason, /^time coordinate: .*fortnights/);
  assert.match(refusalOf(await sample("ta_cal.nc", { calendar: "mayan" })).reason, /mayan/);
  const filled = await sample("ta_filled.nc", { values: [1, Number.NaN] });
  assert.match(refusalOf(filled).reason, /^time coordinate/);
});

test("a NetCDF-4 file cut anywhere is invalid, never a crash", async () => {
  const whole = readFileSync(await sample("ta_whole.nc"));
  for (const part of [0.999, 0.7, 0.5, 0.2, 0.05]) {
    const { code, reason } = refusalOf(file("cut.nc", whole.subarray(0, Math.floor(whole.length * part))));
    assert.equal(code, "FILE_INVALID");
    assert.match(reason, /^truncated: \d+ bytes, the header says \d+$/);
  }
});

test("a NetCDF-4 file with damaged bytes is invalid or read, never a crash", async () => {
  const whole = readFileSync(await sample("ta_whole2.nc"));
  const outcomes = new Set<string>();
  for (let at = 64; at < whole.length; at += 97) {
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, at, Math.min(at + 64, whole.length));
    const result = read(file("damaged.nc", damaged));
    outcomes.add(result.ok ? "ok" : result.code);
    if (!result.ok) assert.ok(result.reason.length < 300, result.reason);
  }
  assert.ok(outcomes.has("FILE_INVALID"));
});

const classic: Netcdf3Content = {
  version: 1,
  dimensions: { time: 0, lev: 3 },
  records: 4,
  attributes: { variable_id: "ta", institution: "Météo-France", numbers: [1, 2.5] },
  variables: [
    {
      name: "time",
      dimensions: ["time"],
      attributes: { units: "days since 2000-01-01", calendar: "360_day" },
      values: [15, 45, 75, 105],
    },
    { name: "lev", dimensions: ["lev"], attributes: { units: "Pa" }, values: [3, 2, 1] },
    { name: "ta", dimensions: ["time", "lev"], attributes: { units: "K" }, values: [] },
  ],
};

for (const version of [1, 2] as const)
  test(`a NetCDF-3 file of version ${version} tells the same`, () => {
    const header = headerOf(file(`ta_v${version}.nc`, netcdf3Bytes({ ...classic, version })));
    assert.equal(header.attributes["institution"], "Météo-France");
    assert.equal(header.attributes["numbers"], "1, 2.5");
    assert.deepEqual(header.variables["ta"], { units: "K" });
    assert.equal(header.verticalLevels, 3);
    assert.equal(header.start, "2000-01-16 00:00:00");
    assert.equal(header.end, "2000-04-16 00:00:00");
    assert.equal(header.calendar, "360_day");
  });

test("a NetCDF-3 header longer than the first window is read", () => {
  const attributes = { ...classic.attributes, history: "x".repeat(200_000) };
  const header = headerOf(file("ta_long.nc", netcdf3Bytes({ ...classic, attributes })));
  assert.equal(header.attributes["history"]?.length, 200_000);
  assert.equal(header.verticalLevels, 3);
});

test("a NetCDF-3 file without dimensions and variables has its attributes", () => {
  const bare: Netcdf3Content = { version: 1, dimensions: {}, attributes: { title: "bare" }, variables: [] };
  assert.deepEqual(headerOf(file("bare.nc", netcdf3Bytes(bare))), {
    attributes: { title: "bare" },
    variables: {},
    verticalLevels: 1,
  });
});

test("a truncated NetCDF-3 file is invalid", () => {
  const bytes = netcdf3Bytes(classic);
  assert.match(
    refusalOf(file("c1.nc", bytes.subarray(0, bytes.length - 9))).reason,
    /^truncated: \d+ bytes, the/,
  );
  for (let length = 5; length < 300; length += 7)
    assert.match(refusalOf(file("c2.nc", bytes.subarray(0, length))).reason, /truncated|damaged NetCDF-3/);
});

test("CDF-5 says how to convert it", () => {
  assert.match(refusalOf(file("five.nc", netcdf3Bytes({ ...classic, version: 5 }))).reason, /nccopy -k nc4/);
});

test("directories, pipes and vanished files have a code and a reason", () => {
  const directory = join(folder, "directory.nc");
  mkdirSync(directory);
  assert.deepEqual(refusalOf(directory), { code: "FILE_INVALID", reason: "a directory, not a file" });
  const pipe = join(folder, "pipe.nc");
  assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
  assert.deepEqual(refusalOf(pipe), { code: "FILE_INVALID", reason: "a named pipe, not a file" });
  assert.deepEqual(refusalOf(join(folder, "gone.nc")), {
    code: "FILE_UNREADABLE",
    reason: "vanished after its folder was listed",
  });
});

const asRoot = process.getuid?.() === 0 ? "root may read everything" : false;

test("a file without permission is unreadable, not invalid", { skip: asRoot }, () => {
  const path = file("secret.nc", "x");
  chmodSync(path, 0o000);
  assert.equal(refusalOf(path).code, "FILE_UNREADABLE");
});

test("a file that loops through links is unreadable", () => {
  const path = join(folder, "loop.nc");
  spawnSync("ln", ["-s", "loop.nc", path]);
  assert.deepEqual(refusalOf(path), { code: "FILE_UNREADABLE", reason: "the system cannot read it (ELOOP)" });
});

test("a file that shrinks is told apart from one that is whole", async () => {
  const path = await sample("ta_shrinks.nc");
  headerOf(path);
  truncateSync(path, 600);
  assert.match(refusalOf(path).reason, /^truncated: 600 bytes/);
});
