import type { ExecutionContext } from "../../core/execution/context.ts";
import { scratchFiles } from "../../core/execution/outcome.ts";
import type { Scalar, Series } from "../../core/results/value.ts";
import type { ExecutionFolder } from "../../ports/execution-folder.ts";
import type { Collected, NamedOutput } from "../execution-context.ts";

/** What a run has given for its bundles, in the order it was given. */
export interface GivenValues {
  readonly scalars: readonly Scalar[];
  readonly series: readonly Series[];
  readonly outputs: readonly NamedOutput[];
}

type Giving = Pick<ExecutionContext, "scalar" | "series" | "plot" | "data" | "html">;

/** What gives values, and takes over those of an earlier run. */
export interface KeptValues extends Giving {
  /**
   * Gives the values of an earlier run once more; one that this run gives too, before or after, stands instead.
   * @returns how many scalars and series there are of it now
   */
  takeOver(earlier: GivenValues): number;
}

/**
 * Writes down what a run gives for its bundles as soon as it is given: the bundles are written when the computation ends, and
 * whoever resumes a run that did not get so far finds it there.
 */
export function keptValues(
  context: Giving,
  { collected, folder }: { readonly collected: Collected; readonly folder: Pick<ExecutionFolder, "append"> },
): KeptValues {
  const taken = new Set<Scalar | Series>();
  const write = (line: object): void => folder.append(scratchFiles.values, `${JSON.stringify(line)}\n`);
  const output =
    (kind: NamedOutput["kind"]): Giving["plot"] =>
    (path, options) => {
      const place = context[kind](path, options);
      write({ output: collected.outputs.at(-1) });
      return place;
    };
  return {
    scalar: (given) => {
      context.scalar(given);
      dropTaken(collected.scalars, taken);
      write({ scalar: collected.scalars.at(-1) });
    },
    series: (given) => {
      context.series(given);
      dropTaken(collected.series, taken);
      write({ series: collected.series.at(-1) });
    },
    plot: output("plot"),
    data: output("data"),
    html: output("html"),
    takeOver: ({ scalars, series, outputs }) => {
      const before = collected.scalars.length + collected.series.length;
      for (const each of missing(scalars, collected.scalars)) {
        context.scalar(each);
        taken.add(collected.scalars.at(-1) as Scalar);
        write({ scalar: each });
      }
      for (const each of missing(series, collected.series)) {
        context.series(each);
        taken.add(collected.series.at(-1) as Series);
        write({ series: each });
      }
      const paths = new Set(collected.outputs.map(({ path }) => path));
      for (const each of outputs.filter(({ path }) => !paths.has(path))) {
        collected.outputs.push(each);
        write({ output: each });
      }
      return collected.scalars.length + collected.series.length - before;
    },
  };
}

/** Values that stand for the same thing have the same name. */
function nameOf({ kind, dimensions }: Scalar | Series): string {
  return JSON.stringify([kind, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Of some values the last of each name, without those whose name is among others. */
function missing<Value extends Scalar | Series>(
  values: readonly Value[],
  others: readonly Value[],
): readonly Value[] {
  const known = new Set(others.map(nameOf));
  const last = new Map(values.map((each) => [nameOf(each), each]));
  return [...last].flatMap(([name, each]) => (known.has(name) ? [] : [each]));
}

/** Takes away what was taken over and has the name of the newest. */
function dropTaken(values: (Scalar | Series)[], taken: ReadonlySet<Scalar | Series>): void {
  const newest = values.at(-1);
  if (newest === undefined || taken.size === 0) return;
  const name = nameOf(newest);
  const at = values.findIndex((each) => each !== newest && taken.has(each) && nameOf(each) === name);
  if (at >= 0) values.splice(at, 1);
}
