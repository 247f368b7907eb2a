import type { ExecutionContext } from "../../entry/library/define.ts";
import { decodeTime } from "../../entry/library/science.ts";
import type { AreaSeries } from "./area-series.ts";

/**
 * Years to add to a year of an experiment to get the year of its control at the same moment, from the branch times in the
 * files. Without readable branch times the first years of both are laid together, and the log says so.
 */
export function controlYearOffset(
  context: ExecutionContext,
  { experiment, control }: { readonly experiment: AreaSeries; readonly control: AreaSeries },
): number {
  const inChild = numberOf(experiment.attributes["branch_time_in_child"]);
  const inParent = numberOf(experiment.attributes["branch_time_in_parent"]);
  const parentUnits = experiment.attributes["parent_time_units"];
  if (inChild !== undefined && inParent !== undefined && typeof parentUnits === "string") {
    const child = decodeTime(inChild, experiment.timeUnits, experiment.calendarSpelling);
    const parent = decodeTime(inParent, parentUnits, control.calendarSpelling);
    return Math.round(parent.year - child.year + (parent.month - child.month) / 12);
  }
  context.log.warn("no branch times: the first years of experiment and control are laid together");
  return (control.months[0]?.year ?? Number.NaN) - (experiment.months[0]?.year ?? Number.NaN);
}

/** Some files write numbers as text, in Fortran's way: `0.0D`. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(value.replace(/d0?$/i, "") || Number.NaN) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
