import type { RequirementAnswer } from "../answer.ts";
import type { DiagnosticCandidates } from "../candidates.ts";
import type { GroupOutcome } from "../group-outcome.ts";
import type { History, PastGroup } from "../history.ts";
import {
  type Findings,
  groupsByDiagnostic,
  orphansOf,
  type Past,
  pastByName,
  type RuledCandidate,
  ruleAll,
} from "../solve.ts";
import { diagnosticText } from "./definition-text.ts";
import { answerText } from "./recalled-candidates.ts";
import { nameOfRow } from "./row-names.ts";
import {
  memoryVersion,
  type RememberedAnswer,
  type RememberedDiagnostic,
  type RememberedSet,
  ragged,
  type SolverMemory,
} from "./solver-memory.ts";

/** What is collected while findings are turned into columns. */
interface Collection {
  /** Source type → name of a row → its number. */
  readonly numbers: Map<string, Map<string, number>>;
  /** Place of each group in its answer. */
  readonly places: Map<GroupOutcome, number>;
}

/**
 * What a solve found and how the past decides about it, for the next solve. Diagnostics that failed, or whose declaration
 * holds functions without a version, are left out and solved anew each time.
 * @returns undefined when snapshot or history are of no catalog
 */
export function remember(findings: Findings, history: History): SolverMemory | undefined {
  const { snapshot, answers } = findings.workspace;
  if (snapshot.mark === undefined || history.mark === undefined) return undefined;
  const collection: Collection = { numbers: new Map(), places: new Map() };
  const remembered = new Map<string, RememberedAnswer>();
  for (const answer of answers.values())
    if (answer.text !== undefined) remembered.set(answer.text, rememberedAnswer(answer, collection));
  const past = pastByName(history);
  const recorded = groupsByDiagnostic(history);
  return {
    version: memoryVersion,
    mark: snapshot.mark,
    revision: snapshot.revision,
    historyMark: history.mark,
    settled: history.groups.every(({ executions }) => executions.every(({ alive }) => !alive)),
    names: new Map([...collection.numbers].map(([type, numbers]) => [type, [...numbers.keys()]])),
    answers: remembered,
    diagnostics: findings.found.flatMap((found) =>
      rememberedDiagnostic(found, collection, { recorded, past }),
    ),
  };
}

function rememberedAnswer(answer: RequirementAnswer, { numbers, places }: Collection): RememberedAnswer {
  const { sourceType, outcomes, index } = answer;
  const known = numbers.get(sourceType) ?? new Map<string, number>();
  numbers.set(sourceType, known);
  const numberOf = (row: number): number => {
    const name = index === undefined ? "" : nameOfRow(index.table, row);
    const number = known.get(name) ?? known.size;
    if (number === known.size) known.set(name, number);
    return number;
  };
  for (const [place, outcome] of outcomes.entries()) places.set(outcome, place);
  const steps = [...new Set(outcomes.flatMap(({ step }) => (step === undefined ? [] : [step])))];
  return {
    sourceType,
    facets: (outcomes[0]?.selector ?? []).map(([facet]) => facet),
    values: outcomes.flatMap(({ selector }) => selector.map(([, value]) => value)),
    steps,
    removedBy: Int16Array.from(outcomes, ({ step }) => (step === undefined ? -1 : steps.indexOf(step))),
    datasets: ragged(outcomes.map(({ datasets }) => datasets.map(numberOf))),
    lookups: ragged(outcomes.map(({ lookups }) => lookups)),
  };
}

function rememberedDiagnostic(
  found: DiagnosticCandidates,
  { places }: Collection,
  { recorded, past }: { readonly recorded: ReadonlyMap<string, readonly PastGroup[]>; readonly past: Past },
): readonly RememberedDiagnostic[] {
  const { provider, diagnostic, ignored, candidates, answers, unsatisfied } = found;
  const definition = diagnosticText(diagnostic, ignored);
  if (definition === undefined) return [];
  const ruled = ruleAll(candidates, found, { past });
  const bySet = Map.groupBy(ruled, ({ candidate }) => candidate.set);
  const orphaned = orphansOf(found, recorded);
  return [
    {
      provider: provider.slug,
      diagnostic: diagnostic.slug,
      definition,
      sets: answers.map((ofSet, at) => ({
        answers: ofSet.map((answer) => answerText(answer) ?? ""),
        ...rememberedSet(bySet.get(at) ?? [], places),
      })),
      unsatisfied,
      orphaned: orphaned.map(({ rid, selectorDigest }) => ({ rid, selectorDigest })),
    },
  ];
}

function rememberedSet(
  ruled: readonly RuledCandidate[],
  places: ReadonlyMap<GroupOutcome, number>,
): Omit<RememberedSet, "answers"> {
  const candidates = ruled.map(({ candidate }) => candidate);
  return {
    places: ragged(
      candidates.flatMap(({ combination }) =>
        combination.map((groups) => groups.map((group) => places.get(group as GroupOutcome) as number)),
      ),
    ),
    keys: candidates.map(({ key }) => key),
    selectorDigests: candidates.map(({ selectorDigest }) => selectorDigest).join(""),
    fingerprints: candidates.map(({ fingerprint }) => fingerprint).join(""),
    compatHashes: candidates.map(({ compatHash }) => compatHash).join(""),
    runs: Uint8Array.from(ruled, ({ ruling }) => (ruling.decision === "run" ? 1 : 0)),
    reasons: JSON.stringify(ruled.map(({ ruling }) => ruling.reason)),
    groups: ruled.map(({ group }) => group ?? ""),
  };
}
