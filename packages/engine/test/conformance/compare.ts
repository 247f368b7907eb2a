import type { Decision, Plan } from "../../src/core/solver/plan.ts";
import type { ExpectedGroups } from "./expected.ts";

/** How our groups of one diagnostic differ from the peer's. */
export interface Comparison {
  readonly provider: string;
  readonly diagnostic: string;
  /** Keys whose datasets and hash are equal. */
  readonly matched: number;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly differing: readonly string[];
  /** Milliseconds that solving it alone took. */
  readonly ms: number;
}

/** True if anything is missing, too many or different. */
export function isDifferent({ missing, extra, differing }: Comparison): boolean {
  return missing.length + extra.length + differing.length > 0;
}

/** Groups of a plan by key; several may share one. Those that another set's group stands for are left out. */
export function groupsByKey(plan: Plan): ReadonlyMap<string, readonly Decision[]> {
  return Map.groupBy(
    plan.decisions.filter(({ reasons }) => reasons[0].code !== "shadowed"),
    ({ key }) => key,
  );
}

/** Compares groups by key: their dataset ids, where they are known, and their hash. */
export function compareGroups(
  ours: ReadonlyMap<string, readonly Decision[]>,
  expected: ExpectedGroups,
): Pick<Comparison, "matched" | "missing" | "extra" | "differing"> {
  const shared = [...expected.keys()].filter((key) => ours.has(key));
  const differing = shared.filter((key) => differs(ours.get(key) ?? [], expected.get(key) ?? []));
  return {
    matched: shared.length - differing.length,
    missing: [...expected.keys()].filter((key) => !ours.has(key)),
    extra: [...ours.keys()].filter((key) => !expected.has(key)),
    differing,
  };
}

type Expected = NonNullable<ReturnType<ExpectedGroups["get"]>>;

/** Groups that share a key are told apart by their hashes. */
function differs(ours: readonly Decision[], expected: Expected): boolean {
  const hashes = (all: readonly { readonly compatHash: string }[]): string =>
    all
      .map(({ compatHash }) => compatHash)
      .sort()
      .join();
  if (hashes(ours) !== hashes(expected)) return true;
  return expected.some(({ datasets, compatHash }) => {
    const same = ours.find((each) => each.compatHash === compatHash);
    return datasets !== undefined && sorted(same?.datasets ?? {}) !== sorted(datasets);
  });
}

function sorted(datasets: Readonly<Record<string, readonly string[]>>): string {
  return JSON.stringify(Object.entries(datasets).sort(([a], [b]) => (a < b ? -1 : 1)));
}
