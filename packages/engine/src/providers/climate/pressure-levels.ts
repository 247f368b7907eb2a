import type { ExecutionContext } from "../../entry/library/define.ts";
import { convertUnits, type MonthlyChain, textAttribute } from "../../entry/library/science.ts";

/** One level of a variable, or the whole of one without levels. */
export interface Level {
  /** Index along the level dimension. */
  readonly index: number;
  /** @units hPa; undefined for a variable without levels */
  readonly pressure: number | undefined;
}

/** Levels whose means are given. @units hPa */
const wantedLevels = [850, 500, 200] as const;

/**
 * The levels of a variable to average: 850, 500 and 200 hPa, those of them that the file has. A file with none of them gives
 * all its levels, and the log says so. A variable without levels gives itself.
 */
export function chooseLevels(context: ExecutionContext, chain: MonthlyChain): readonly Level[] {
  if (chain.variable.dimensions.length === 3) return [{ index: 0, pressure: undefined }];
  const [, name = ""] = chain.variable.dimensions;
  if (chain.variable.dimensions.length !== 4 || !chain.first.variables.has(name))
    return context.fail(
      `${chain.variable.name} has dimensions that are not understood: ${chain.variable.dimensions.join(", ")}`,
    );
  const units = textAttribute(chain.first.requireVariable(name).attributes, "units") ?? "";
  const pressures = chain.first.read(name).map(convertUnits(units, "hPa"));
  // Some files hold 100000.00000001 Pa.
  const all = Array.from(pressures, (pressure, index) => ({ index, pressure: Number(pressure.toFixed(4)) }));
  const chosen = wantedLevels.flatMap((wanted) => all.filter(({ pressure }) => pressure === wanted));
  if (chosen.length === wantedLevels.length) return chosen;
  context.log.warn(
    `levels of ${name} in hPa: ${all.map(({ pressure }) => pressure).join(", ")}; not all of ${wantedLevels.join(", ")} are there`,
  );
  return chosen.length > 0 ? chosen : all;
}
