import type { SolveOptions } from "./options.ts";
import type { Decision, Reason } from "./plan.ts";

/**
 * Turns runs beyond `onePerProvider`, `onePerDiagnostic` and `limit` into skips of that name, and with `resume` those
 * that nothing began into `not-begun`. Only runs count.
 * @param decisions in order of provider, diagnostic, set, key
 */
export function limitRuns(decisions: readonly Decision[], options: SolveOptions): readonly Decision[] {
  const counts = new Map<string, number>();
  const add = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  return decisions.map((decision) => {
    if (decision.decision === "skip") return decision;
    const provider = `provider ${decision.provider}`;
    const diagnostic = `diagnostic ${decision.provider}/${decision.diagnostic}`;
    const reason = limitReason(options, {
      code: decision.reasons[0].code,
      ofProvider: counts.get(provider) ?? 0,
      ofDiagnostic: counts.get(diagnostic) ?? 0,
      all: counts.get("all") ?? 0,
    });
    if (reason !== undefined)
      return { ...decision, decision: "skip", reasons: [reason, ...decision.reasons] };
    for (const name of [provider, diagnostic, "all"]) add(name);
    return decision;
  });
}

/** Reasons of runs that go on with what an earlier solve recorded. */
const begun: ReadonlySet<Reason["code"]> = new Set(["interrupted", "dirty"]);

function limitReason(
  options: SolveOptions,
  runs: {
    readonly code: Reason["code"];
    readonly ofProvider: number;
    readonly ofDiagnostic: number;
    readonly all: number;
  },
): Reason | undefined {
  if (options.resume === true && !begun.has(runs.code))
    return { code: "not-begun", message: "no earlier solve began it, and only what one began was asked for" };
  if (options.onePerProvider === true && runs.ofProvider > 0)
    return { code: "one-per-provider", message: "another group of the provider runs, and one was asked for" };
  if (options.onePerDiagnostic === true && runs.ofDiagnostic > 0)
    return {
      code: "one-per-diagnostic",
      message: "another group of the diagnostic runs, and one was asked for",
    };
  if (options.limit !== undefined && runs.all >= options.limit)
    return { code: "limit", message: `the limit of ${options.limit} runs is reached` };
  return undefined;
}
