import { writeFile } from "node:fs/promises";
import type { ExecutionContext } from "../../entry/library/define.ts";
import {
  type MonthAxis,
  monthBounds,
  type NetcdfContent,
  svgToPng,
  type VariableToWrite,
  writeNetcdf,
} from "../../entry/library/science.ts";

/** A file of an execution. */
export interface OutputFile {
  /** Without suffix. */
  readonly name: string;
  readonly longName: string;
  readonly description: string;
}

/** Writes a figure as SVG and as PNG and names both in the output bundle. */
export async function writeFigure(
  context: ExecutionContext,
  { svg, ...file }: OutputFile & { readonly svg: string },
): Promise<void> {
  const { longName, description } = file;
  await writeFile(context.plot(`${file.name}.svg`, { longName, description }), svg);
  await writeFile(context.plot(`${file.name}.png`, { longName, description }), svgToPng(svg));
}

/** Writes a NetCDF file that says where it came from and names it in the output bundle. */
export async function writeData(
  context: ExecutionContext,
  { content, ...file }: OutputFile & { readonly content: NetcdfContent },
): Promise<void> {
  const { definition } = context;
  const made = `${definition.provider.slug}/${definition.diagnostic.slug} version ${definition.diagnostic.version}`;
  const path = context.data(`${file.name}.nc`, { longName: file.longName, description: file.description });
  await writeNetcdf(path, {
    ...content,
    attributes: {
      title: file.longName,
      ...content.attributes,
      history: `computed by Almanac with ${made}`,
      input_datasets: context.inputs.map(({ id }) => id).join(" "),
    },
  });
}

/** Monthly coordinate `time` with bounds, in the units and the calendar of the input. */
export function monthCoordinate(
  axis: MonthAxis & { readonly timeUnits: string; readonly calendarSpelling: string },
): VariableToWrite[] {
  const { timeUnits, calendarSpelling } = axis;
  const bounds = axis.months.map((month) =>
    monthBounds(month, { units: timeUnits, calendar: calendarSpelling }),
  );
  return [
    {
      name: "time",
      dimensions: ["time"],
      data: Float64Array.from(bounds, ([start, end]) => (start + end) / 2),
      attributes: {
        standard_name: "time",
        long_name: "time",
        axis: "T",
        units: timeUnits,
        calendar: calendarSpelling,
        bounds: "time_bnds",
      },
    },
    {
      name: "time_bnds",
      dimensions: ["time", "bnds"],
      data: Float64Array.from(bounds.flat()),
      attributes: {},
    },
  ];
}

/** Coordinate `year`: whole years of the model's calendar. */
export function yearCoordinate(years: readonly number[]): VariableToWrite {
  return {
    name: "year",
    dimensions: ["year"],
    data: Int32Array.from(years),
    attributes: { long_name: "year", units: "1" },
  };
}

/** NaN as null: how values say missing. */
export function orMissing(values: Iterable<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}
