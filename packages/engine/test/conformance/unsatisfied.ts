import type { Selector } from "../../src/core/execution/definition.ts";
import type { Explanation, Mending, RejectedGroup, Remedy } from "../../src/core/solver/explanation.ts";
import type { Plan } from "../../src/core/solver/plan.ts";

/** One thing that does not run, as an explanation tells it, with a test whether it runs after all. */
export interface Unsatisfied extends Mending {
  readonly diagnostic: string;
  readonly name: string;
  /** What it lacks and where it was lost: things of one kind are unsatisfied for the same reason. */
  readonly kind: string;
  readonly sourceType: string;
  readonly runsIn: (plan: Plan) => boolean;
}

/** Everything of an explanation that does not run. */
export function unsatisfiedOf(explanation: Explanation): readonly Unsatisfied[] {
  const diagnostic = `${explanation.provider}/${explanation.diagnostic}`;
  return explanation.sets.flatMap(({ set, requirements }) =>
    requirements.flatMap((each): readonly Unsatisfied[] => {
      const { requirement, sourceType, rejected, leftOut, lonely, removedBy } = each;
      const shared = { diagnostic, sourceType };
      const ofGroup =
        (what: string, isMet: (ids: readonly string[]) => boolean = () => true) =>
        (
          group: Pick<RejectedGroup, "selector" | "remedies" | "enough"> & Partial<RejectedGroup>,
        ): Unsatisfied => ({
          ...shared,
          ...group,
          name: `${diagnostic}, alternative ${set + 1}, ${requirement} ${JSON.stringify(group.selector)}`,
          kind: [what, group.step, group.trail?.at(-1)?.kind, ...kindsOf(group.remedies)].join(" "),
          runsIn: ({ decisions }) =>
            decisions.some(
              (one) =>
                one.decision === "run" &&
                one.set === set &&
                isEqual(one.selectors[requirement], group.selector) &&
                isMet(one.datasets[requirement] ?? []),
            ),
        });
      const lost = new Set(leftOut.flatMap(({ trail }) => trail.flatMap(({ datasets }) => datasets)));
      const returns = (ids: readonly string[]): boolean => ids.some((id) => lost.has(id));
      const unselected: Unsatisfied = {
        ...shared,
        ...each,
        name: `${diagnostic}, alternative ${set + 1}, ${requirement}`,
        kind: ["unselected", removedBy, ...kindsOf(each.remedies)].join(" "),
        remedies: requirements.flatMap((one) => (one.removedBy === undefined ? [] : one.remedies)),
        runsIn: ({ decisions }) => decisions.some((one) => one.decision === "run" && one.set === set),
      };
      return [
        ...rejected.map(ofGroup("rejected")),
        ...leftOut.map(ofGroup("left out", returns)),
        ...lonely.map(ofGroup("lonely")),
        ...(removedBy === undefined || rejected.length > 0 ? [] : [unselected]),
      ];
    }),
  );
}

function kindsOf(remedies: readonly Remedy[]): readonly string[] {
  return [...new Set(remedies.map(({ kind }) => kind))];
}

function isEqual(a: Selector | undefined, b: Selector): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
