import type { Rid } from "../../identity/rid.ts";
import type { Candidate } from "../candidate.ts";
import type { DiagnosticCandidates } from "../candidates.ts";
import type { Ruling } from "../decide.ts";
import type { Reason } from "../plan.ts";
import { identityAt, rememberedDiagnostic } from "./recalled-candidates.ts";
import type { RememberedDiagnostic, SolverMemory } from "./solver-memory.ts";

/**
 * How a candidate was decided about when it was remembered, with its group of then.
 * @returns undefined when it was not, or when it stood behind another one
 */
export function rememberedRuling({
  remembered,
}: Candidate): { readonly ruling: Ruling; readonly group: Rid | undefined } | undefined {
  if (remembered === undefined) return undefined;
  const { set, row, reasons } = remembered;
  const reason = reasons()[row] as Reason;
  if (reason.code === "shadowed") return undefined;
  const group = set.groups[row] as Rid;
  const decision = set.runs[row] === 1 ? "run" : "skip";
  return { ruling: { decision, reason }, group: group === "" ? undefined : group };
}

/** What names a group of the past, or without version and digest all groups of a diagnostic. */
export interface PastName {
  readonly provider: string;
  readonly diagnostic: string;
  readonly version?: number;
  readonly selectorDigest?: string;
}

/**
 * The groups whose past memory does not tell: of new candidates, of those that are gone, of earlier orphans.
 * @returns undefined when that is all of them, since a diagnostic is not remembered as it is declared now
 */
export function pastsToAsk(
  found: readonly DiagnosticCandidates[],
  memory: SolverMemory,
): readonly PastName[] | undefined {
  const names: PastName[] = [];
  for (const each of found) {
    const known = rememberedDiagnostic(memory, each.provider, each);
    if (known === undefined) return undefined;
    names.push(...pastsOf(each, known));
  }
  return names;
}

function pastsOf(
  { provider, diagnostic, candidates, firstOf }: DiagnosticCandidates,
  known: RememberedDiagnostic,
): readonly PastName[] {
  const unknown = candidates.filter((candidate) => rememberedRuling(candidate) === undefined);
  const gone = known.sets.flatMap((set) =>
    set.keys
      .map((_, row) => identityAt({ set, row }).selectorDigest)
      .filter((digest) => !firstOf.has(digest)),
  );
  const digests = new Set([
    ...unknown.map(({ selectorDigest }) => selectorDigest),
    ...gone,
    ...known.orphaned.map(({ selectorDigest }) => selectorDigest),
  ]);
  const name = { provider: provider.slug, diagnostic: diagnostic.slug, version: diagnostic.version };
  return [...digests].map((selectorDigest) => ({ ...name, selectorDigest }));
}
