import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Decision, Plan } from "../../src/core/solver/plan.ts";

/** How our groups of one diagnostic differ from the peer's. */
export interface Comparison {
  readonly diagnostic: string;
  readonly matched: number;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly differing: readonly string[];
}

type Expected = Readonly<
  Record<
    string,
    { readonly datasets: Readonly<Record<string, readonly string[]>>; readonly compatHash: string }
  >
>;

/** Compares the decisions of one diagnostic with the peer's file; undefined when there is none. */
export function compareWithPeer(plan: Plan, folder: string, diagnostic: string): Comparison | undefined {
  const file = path.join(folder, `${diagnostic}.json`);
  if (!existsSync(file)) return undefined;
  const expected = JSON.parse(readFileSync(file, "utf8")) as Expected;
  const ours = new Map(
    plan.decisions
      .filter((decision) => `${decision.provider}/${decision.diagnostic}` === diagnostic)
      .filter(({ reasons }) => reasons[0].code !== "shadowed")
      .map((decision) => [decision.key, decision]),
  );
  const keys = Object.keys(expected);
  const shared = keys.filter((key) => ours.has(key));
  const differing = shared.filter((key) => differs(ours.get(key) as Decision, expected[key]));
  return {
    diagnostic,
    matched: shared.length - differing.length,
    missing: keys.filter((key) => !ours.has(key)),
    extra: [...ours.keys()].filter((key) => expected[key] === undefined),
    differing,
  };
}

function differs(decision: Decision, expected: Expected[string] | undefined): boolean {
  const sorted = (datasets: Readonly<Record<string, readonly string[]>>): string =>
    JSON.stringify(Object.entries(datasets).sort(([a], [b]) => (a < b ? -1 : 1)));
  return (
    expected === undefined ||
    decision.compatHash !== expected.compatHash ||
    sorted(decision.datasets) !== sorted(expected.datasets)
  );
}
