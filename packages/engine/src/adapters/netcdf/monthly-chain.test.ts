import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import { openMonthlyChain } from "./monthly-chain.ts";
import { middleOfMonth, monthBounds } from "./time-axis.ts";
import { writeNetcdf } from "./writer.ts";

const folder = mkdtempSync(join(tmpdir(), "almanac-chain-"));
after(() => rmSync(folder, { recursive: true }));

interface Months {
  readonly first: number;
  readonly values: readonly number[];
  readonly units?: string;
  readonly calendar?: string;
}

/** Months counted from January 2000; one cell each. */
async function write(
  name: string,
  { first, values, units = "days since 2000-01-01", calendar = "noleap" }: Months,
) {
  const path = join(folder, name);
  const months = values.map((_, at) => ({
    year: 2000 + Math.floor((first + at) / 12),
    month: ((first + at) % 12) + 1,
  }));
  await writeNetcdf(path, {
    dimensions: { time: values.length, lat: 1, lon: 1 },
    variables: [
      {
        name: "time",
        dimensions: ["time"],
        data: Float64Array.from(months, (month) => middleOfMonth(month, { units, calendar })),
        attributes: { units, calendar },
      },
      {
        name: "tas",
        dimensions: ["time", "lat", "lon"],
        data: Float64Array.from(values),
        attributes: { units: "K" },
      },
    ],
    attributes: {},
  });
  return path;
}

async function valuesOf(paths: readonly string[]) {
  const chain = await openMonthlyChain(paths, "tas");
  try {
    const runs = [...chain.chunks()];
    return { chain, runs, values: runs.flatMap(({ values }) => [...values]) };
  } finally {
    chain.close();
  }
}

test("files are joined in time order, whatever the order of paths and the units of each", async () => {
  const later = await write("a-later.nc", { first: 3, values: [4, 5], units: "hours since 1999-01-01" });
  const earlier = await write("b-earlier.nc", { first: 0, values: [1, 2, 3] });
  const { chain, values } = await valuesOf([earlier, later]);
  assert.deepEqual(values, [1, 2, 3, 4, 5]);
  assert.deepEqual(chain.months.at(-1), { year: 2000, month: 5 });
  assert.equal(chain.calendar, "noleap");
});

test("equal overlap counts once, from the first file in path order; missing equals missing", async () => {
  const one = await write("c-1.nc", { first: 0, values: [1, Number.NaN, 3] });
  const other = await write("c-2.nc", { first: 1, values: [Number.NaN, 3, 4] });
  const { chain, values } = await valuesOf([other, one]);
  assert.deepEqual(values, [1, Number.NaN, 3, 4]);
  assert.deepEqual(
    chain.steps.map(({ file }) => file),
    [0, 0, 0, 1],
  );
});

test("unequal overlap names both files and the month", async () => {
  const one = await write("d-1.nc", { first: 0, values: [1, 2] });
  const other = await write("d-2.nc", { first: 1, values: [2.5, 3] });
  await assert.rejects(
    openMonthlyChain([one, other], "tas"),
    (error) =>
      isAlmanacError(error, "FILE_INVALID") &&
      [one, other, "2000-02"].every((part) => error.message.includes(part)),
  );
});

test("files with different calendars are not joined", async () => {
  const one = await write("e-1.nc", { first: 0, values: [1] });
  const other = await write("e-2.nc", { first: 1, values: [2], calendar: "360_day" });
  await assert.rejects(openMonthlyChain([one, other], "tas"), /calendar/);
});

test("a month twice in one file is no monthly file", async () => {
  const path = join(folder, "daily.nc");
  await writeNetcdf(path, {
    dimensions: { time: 2 },
    variables: [
      {
        name: "time",
        dimensions: ["time"],
        data: Float64Array.of(1, 2),
        attributes: { units: "days since 2000-01-01" },
      },
      { name: "tas", dimensions: ["time"], data: Float64Array.of(1, 2), attributes: {} },
    ],
    attributes: {},
  });
  await assert.rejects(openMonthlyChain([path], "tas"), /not monthly/);
});

test("an aborted signal ends the reading", async () => {
  const path = await write("f.nc", { first: 0, values: [1] });
  const chain = await openMonthlyChain([path], "tas");
  assert.throws(() => [...chain.chunks(AbortSignal.abort())], { name: "AbortError" });
  chain.close();
});

test("bounds of December end in January", () => {
  const options = { units: "days since 2000-01-01", calendar: "360_day" };
  assert.deepEqual(monthBounds({ year: 2000, month: 12 }, options), [330, 360]);
  assert.equal(middleOfMonth({ year: 2000, month: 1 }, { ...options, calendar: "noleap" }), 15.5);
});
