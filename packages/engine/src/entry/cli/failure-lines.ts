import type { ExecutionEnd } from "../../app/run-executions.ts";

/** Causes told at once; the rest is in `almanac status`. */
const shownCauses = 5;

const wordOf: Readonly<Record<string, string>> = {
  failed: "failed",
  publishing: "computed, not published yet",
};

/** One line for each cause of executions that did not get to `published`: how many, code, message, the first's RID. */
export function failureLines(ends: readonly ExecutionEnd[]): readonly string[] {
  const byCause = Map.groupBy(
    ends.filter(({ state, failure }) => wordOf[state] !== undefined && failure !== undefined),
    ({ state, failure }) => `${state} ${failure?.signature}`,
  );
  const lines = [...byCause.values()].flatMap(([first, ...others]) => {
    if (first?.failure === undefined) return [];
    const { code, message } = first.failure;
    const which =
      others.length === 0 ? `${first.rid}` : `${others.length + 1} executions, such as ${first.rid}`;
    return [`${wordOf[first.state]}  ${which}: ${code}: ${message.split("\n")[0]}`];
  });
  const more = lines.length - shownCauses;
  return more > 0 ? [...lines.slice(0, shownCauses), `… and ${more} other causes`] : lines;
}
