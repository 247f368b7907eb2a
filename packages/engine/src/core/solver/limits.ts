import type { SolveOptions } from "./options.ts";
import type { Decision, Reason } from "./plan.ts";

/**
 * Turns runs beyond `onePerProvider`, `onePerDiagnostic` and `limit` into skips of that name. Only runs count.
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

function limitReason(
  options: SolveOptions,
  runs: { readonly ofProvider: number; readonly ofDiagnostic: number; readonly all: number },
): Reason | undefined {
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
