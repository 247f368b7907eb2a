import type { Provider, RequirementSet } from "../../diagnostic/diagnostic.ts";
import type { Selector } from "../../execution/definition.ts";
import { compareCodeUnits } from "../../identity/compare.ts";
import type { Rid } from "../../identity/rid.ts";
import { labelOf } from "../combine.ts";
import { limitRuns } from "../limits.ts";
import type { SolveOptions } from "../options.ts";
import type { Decision, Plan, Reason } from "../plan.ts";
import { chosenDiagnostics, type SolveInput } from "../solve.ts";
import { identityAt, placesAt, reasonsOf, rememberedDiagnostic } from "./recalled-candidates.ts";
import { idOfName } from "./row-names.ts";
import {
  listAt,
  type RememberedAnswer,
  type RememberedDiagnostic,
  type RememberedSet,
  type SolverMemory,
  selectorAt,
} from "./solver-memory.ts";

/**
 * The plan of a catalog in which nothing changed since it was remembered: neither datasets nor executions.
 * @returns undefined when memory does not tell: a diagnostic is new or declared otherwise, datasets were filtered, or
 *   failures are to run again
 */
export function recallPlan(
  memory: SolverMemory,
  providers: readonly Provider[],
  options: SolveOptions & Pick<SolveInput, "ignore">,
): Plan | undefined {
  if (options.datasets !== undefined || options.rerunFailed === true) return undefined;
  const decisions: Decision[] = [];
  const chosen: RememberedDiagnostic[] = [];
  const ids = idReader(memory);
  for (const { provider, diagnostic } of chosenDiagnostics(providers, options)) {
    const ignored = options.ignore?.[provider.slug]?.[diagnostic.slug];
    const known = rememberedDiagnostic(memory, provider, { diagnostic, ignored });
    if (known === undefined) return undefined;
    chosen.push(known);
    for (const [set, remembered] of known.sets.entries()) {
      const reader = setReader(remembered, diagnostic.requirementSets[set] ?? [], { memory, ids });
      const names = { provider: provider.slug, providerVersion: provider.version };
      const whose = { ...names, diagnostic: diagnostic.slug, version: diagnostic.version, set };
      for (let row = 0; row < remembered.keys.length; row++) decisions.push(decisionAt(reader, row, whose));
    }
  }
  return {
    revision: memory.revision,
    decisions: limitRuns(decisions, options),
    unsatisfied: chosen.flatMap(({ unsatisfied }) => unsatisfied),
    errors: [],
    hidden: 0,
    orphaned: chosen.flatMap(({ orphaned }) => orphaned.map(({ rid }) => rid)).sort(compareCodeUnits),
  };
}

/** Number of groups of requirements that a memory holds. */
export function rememberedGroups({ answers }: SolverMemory): number {
  return [...answers.values()].reduce((total, { removedBy }) => total + removedBy.length, 0);
}

type IdReader = (answer: RememberedAnswer, places: ArrayLike<number>) => readonly string[];

/** Reads the ids of the datasets of groups of an answer; those of one group are made once. */
function idReader({ names }: SolverMemory): IdReader {
  const known = new Map<RememberedAnswer, Map<number, readonly string[]>>();
  const ofGroup: IdReader = (answer, places) => {
    const all = names.get(answer.sourceType) ?? [];
    const rows = [...new Set(Array.from(places).flatMap((place) => [...listAt(answer.datasets, place)]))];
    const sorted = rows.map((number) => all[number] as string);
    if (places.length > 1) sorted.sort(compareCodeUnits);
    return [...new Set(sorted.map(idOfName))];
  };
  return (answer, places) => {
    const place = places[0];
    if (place === undefined || places.length > 1) return ofGroup(answer, places);
    const own = known.get(answer) ?? new Map<number, readonly string[]>();
    known.set(answer, own);
    const found = own.get(place) ?? ofGroup(answer, places);
    own.set(place, found);
    return found;
  };
}

/** What reading one remembered set takes. */
interface SetReader {
  readonly set: RememberedSet;
  readonly requirements: RequirementSet;
  readonly answers: readonly (RememberedAnswer | undefined)[];
  readonly ids: IdReader;
  readonly reasons: () => readonly Reason[];
}

function setReader(
  set: RememberedSet,
  requirements: RequirementSet,
  { memory, ids }: { readonly memory: SolverMemory; readonly ids: IdReader },
): SetReader {
  return {
    set,
    requirements,
    answers: set.answers.map((text) => memory.answers.get(text)),
    ids,
    reasons: reasonsOf(set),
  };
}

/** What a listing seldom wants is made when asked for; such members come last, as they do in every object. */
function decisionAt(
  reader: SetReader,
  row: number,
  whose: Pick<Decision, "provider" | "providerVersion" | "diagnostic" | "version" | "set">,
): Decision {
  const { set } = reader;
  const { key, selectorDigest, fingerprint, compatHash } = identityAt({ set, row });
  const group = set.groups[row] as Rid;
  const places = (): Places => placesAt(set, row);
  return {
    ...whose,
    key,
    selectorDigest,
    decision: set.runs[row] === 1 ? "run" : "skip",
    ...(group === "" ? {} : { group }),
    fingerprint,
    compatHash,
    get selectors() {
      return selectorsAt(reader, places());
    },
    get reasons() {
      return [reader.reasons()[row] as Reason] as const;
    },
    get datasets() {
      return datasetsAt(reader, places());
    },
  };
}

/** Places of groups by requirement. */
type Places = ReturnType<typeof placesAt>;

function selectorsAt({ requirements, answers }: SetReader, places: Places): Decision["selectors"] {
  return Object.fromEntries(
    requirements.flatMap((requirement, at): readonly (readonly [string, Selector])[] => {
      const [place, answer] = [places[at]?.[0], answers[at]];
      if (requirement.optional === true || place === undefined || answer === undefined) return [];
      return [[labelOf(requirement), selectorAt(answer, place)]];
    }),
  );
}

function datasetsAt({ requirements, answers, ids }: SetReader, places: Places): Decision["datasets"] {
  const datasets: Record<string, readonly string[]> = {};
  for (const [at, requirement] of requirements.entries()) {
    const [own, answer] = [places[at] ?? [], answers[at]];
    if (own.length > 0 && answer !== undefined) datasets[labelOf(requirement)] = ids(answer, own);
  }
  return datasets;
}
