import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { FieldRun, Month, MonthAxis } from "../../core/science/monthly.ts";
import type { NetcdfVariable } from "./raw-file.ts";
import { type NetcdfFile, openNetcdf } from "./reader.ts";
import { monthOf, readTimeAxis } from "./time-axis.ts";

/** Most values read at once. */
const chunkValues = 4_000_000;

/** Where a month of a chain is stored. */
export interface ChainStep extends Month {
  /** Index into `paths`. */
  readonly file: number;
  /** Index along that file's time dimension. */
  readonly index: number;
}

/** One monthly variable over all files of a dataset, in time order, each month once. Close it when done. */
export interface MonthlyChain extends MonthAxis {
  /** In code-unit order. */
  readonly paths: readonly string[];
  /** Spelling of the calendar in the first file. */
  readonly calendarSpelling: string;
  /** Time units of the first file in time order. */
  readonly timeUnits: string;
  /** The variable as the first file describes it. */
  readonly variable: NetcdfVariable;
  /** Values of one time step. */
  readonly nCell: number;
  /** Where each month comes from. @shape [nTime] */
  readonly steps: readonly ChainStep[];
  /** The first file, for coordinates and global attributes. */
  readonly first: NetcdfFile;
  /**
   * Runs of time steps in order, so that memory stays bounded; missing values are NaN.
   * @param signal ends the reading between two runs
   */
  chunks(signal?: AbortSignal): Iterable<FieldRun>;
  close(): void;
}

/**
 * Opens the files of one dataset as one monthly variable. A month that several files have must have equal values in all of
 * them (missing equals missing); it is then taken from the first one in path order.
 * @param paths files of one dataset, in any order
 * @param variableName a variable whose first dimension is time
 * @throws FILE_INVALID when two files differ where they overlap (both are named), or differ in shape or calendar
 */
export async function openMonthlyChain(
  paths: readonly string[],
  variableName: string,
): Promise<MonthlyChain> {
  const ordered = paths.toSorted(compareCodeUnits);
  const files: NetcdfFile[] = [];
  const close = (): void => {
    for (const file of files) file.close();
  };
  try {
    for (const path of ordered) files.push(await openNetcdf(path));
    return { ...joinFiles(files, variableName), close };
  } catch (error) {
    close();
    throw error;
  }
}

function joinFiles(files: readonly NetcdfFile[], name: string): Omit<MonthlyChain, "close"> {
  const [first] = files;
  if (first === undefined) throw new AlmanacError("FILE_MISSING", `no file was given to read ${name} from`);
  const variable = first.requireVariable(name);
  const axes = files.map(readTimeAxis);
  for (const file of files) requireSameGrid(first, { file, name });
  const [axis] = axes;
  const other = axes.findIndex(({ calendar }) => calendar !== axis?.calendar);
  if (axis === undefined || other !== -1)
    throw new AlmanacError(
      "FILE_INVALID",
      `${first.path} and ${files[other]?.path} differ in their calendar`,
      {
        hint: "retract the dataset of one of them: almanac datasets retract <id>",
        facts: { paths: [first.path, files[other]?.path] },
      },
    );
  const steps = mergeSteps(files, { name, months: axes.map(({ times }) => times.map(monthOf)) });
  return {
    paths: files.map(({ path }) => path),
    calendar: axis.calendar,
    calendarSpelling: axis.calendarSpelling,
    timeUnits: axes[steps[0]?.file ?? 0]?.units ?? axis.units,
    variable,
    nCell: variable.shape.slice(1).reduce((product, size) => product * size, 1),
    months: steps.map(monthOfStep),
    steps,
    first,
    chunks: (signal) => readChunks(files, { name, steps, signal }),
  };
}

function monthOfStep({ year, month }: ChainStep): Month {
  return { year, month };
}

function requireSameGrid(
  first: NetcdfFile,
  { file, name }: { readonly file: NetcdfFile; readonly name: string },
): void {
  const expected = first.requireVariable(name);
  const found = file.requireVariable(name);
  const [timeDimension] = found.dimensions;
  const sameShape = expected.shape.slice(1).join() === found.shape.slice(1).join();
  const sameUnits = expected.attributes["units"] === found.attributes["units"];
  if (timeDimension !== "time")
    throw new AlmanacError(
      "FILE_INVALID",
      `${name} of ${file.path} does not have time as its first dimension`,
      {
        hint: "put the dimensions in the order of CF, time first: ncpdq -a time,… IN OUT",
        facts: { path: file.path, dimensions: found.dimensions },
      },
    );
  if (!sameShape || !sameUnits)
    throw new AlmanacError(
      "FILE_INVALID",
      `${first.path} and ${file.path} differ in the ${sameShape ? "units" : "grid"} of ${name}`,
      {
        hint: "retract the dataset of one of them: almanac datasets retract <id>",
        facts: { paths: [first.path, file.path] },
      },
    );
}

/** Joins the months of all files; equal overlap counts once, from the first file. */
function mergeSteps(
  files: readonly NetcdfFile[],
  { name, months }: { readonly name: string; readonly months: readonly (readonly Month[])[] },
): readonly ChainStep[] {
  const taken = new Map<number, ChainStep>();
  for (const [file, axis] of months.entries()) {
    const overlap: [ChainStep, ChainStep][] = [];
    for (const [index, { year, month }] of axis.entries()) {
      const key = year * 12 + month;
      const step = { year, month, file, index };
      const earlier = taken.get(key);
      if (earlier === undefined) taken.set(key, step);
      else if (earlier.file === file) throw twiceInOneFile(files[file]?.path ?? "", step);
      else overlap.push([earlier, step]);
    }
    for (const [earlier, step] of overlap) requireEqual(files, { name, earlier, step });
  }
  return [...taken.values()].sort((a, b) => a.year * 12 + a.month - (b.year * 12 + b.month));
}

function twiceInOneFile(path: string, { year, month }: Month): AlmanacError {
  return new AlmanacError("FILE_INVALID", `${path} has the month ${year}-${month} twice: it is not monthly`, {
    facts: { path, year, month },
  });
}

function requireEqual(
  files: readonly NetcdfFile[],
  { name, earlier, step }: { readonly name: string; readonly earlier: ChainStep; readonly step: ChainStep },
): void {
  const [one, other] = [earlier, step].map(({ file, index }) => {
    const opened = files[file];
    return opened?.read(name, steps(opened, { name, start: index, count: 1 }));
  });
  // Object.is: a missing value equals a missing value.
  if (one?.every((value, cell) => Object.is(value, other?.[cell]) || value === other?.[cell])) return;
  const paths = [earlier.file, step.file].map((file) => files[file]?.path ?? "");
  throw new AlmanacError(
    "FILE_INVALID",
    `${paths[0]} and ${paths[1]} overlap and differ in ${name} of ${step.year}-${String(step.month).padStart(2, "0")}`,
    {
      hint: "remove one of the two files and ingest again, or retract their dataset: almanac datasets retract <id>",
      facts: { paths, year: step.year, month: step.month },
    },
  );
}

function steps(
  file: NetcdfFile,
  { name, start, count }: { readonly name: string; readonly start: number; readonly count: number },
) {
  const inner = file.requireVariable(name).shape.slice(1);
  return { start: [start, ...inner.map(() => 0)], count: [count, ...inner] };
}

function* readChunks(
  files: readonly NetcdfFile[],
  request: {
    readonly name: string;
    readonly steps: readonly ChainStep[];
    readonly signal: AbortSignal | undefined;
  },
): Generator<FieldRun> {
  for (let at = 0; at < request.steps.length; ) {
    request.signal?.throwIfAborted();
    const step = request.steps[at];
    const file = files[step?.file ?? -1];
    if (step === undefined || file === undefined) return;
    const cells = file
      .requireVariable(request.name)
      .shape.slice(1)
      .reduce((product, size) => product * size, 1);
    const most = Math.max(1, Math.floor(chunkValues / cells));
    let count = 1;
    while (count < most && follows(request.steps[at + count], { step, count })) count += 1;
    yield {
      first: at,
      values: file.read(request.name, steps(file, { name: request.name, start: step.index, count })),
    };
    at += count;
  }
}

function follows(
  next: ChainStep | undefined,
  { step, count }: { readonly step: ChainStep; readonly count: number },
): boolean {
  return next?.file === step.file && next.index === step.index + count;
}
