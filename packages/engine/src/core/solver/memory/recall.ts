import type { Provider, RequirementSet } from "../../diagnostic/diagnostic.ts";
import type { Selector } from "../../execution/definition.ts";
import { compareCodeUnits } from "../../identity/compare.ts";
import type { Rid } from "../../identity/rid.ts";
import { labelOf } from "../combine.ts";
import { limitRuns } from "../limits.ts";
import type { SolveOptions } from "../options.ts";
import type { Decision, Plan, Reason } from "../plan.ts";
import { chosenDiagnostics, type SolveInput } from "../solve.ts";
import { identityAt, reasonsOf, rememberedDiagnostic } from "./recalled-candidates.ts";
import { type GroupReader, groupReaders } from "./recalled-groups.ts";
import type { RememberedDiagnostic, RememberedSet, SolverMemory } from "./solver-memory.ts";

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
  const readerOf = groupReaders(memory);
  for (const { provider, diagnostic } of chosenDiagnostics(providers, options)) {
    const ignored = options.ignore?.[provider.slug]?.[diagnostic.slug];
    const known = rememberedDiagnostic(memory, provider, { diagnostic, ignored });
    if (known === undefined) return undefined;
    chosen.push(known);
    for (const [set, remembered] of known.sets.entries()) {
      const reader = setReader(remembered, diagnostic.requirementSets[set] ?? [], { readerOf });
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

/** Which requirement set of which diagnostic a decision is about. */
type Whose = Pick<Decision, "provider" | "providerVersion" | "diagnostic" | "version" | "set">;

/** Number of groups of requirements that a memory holds. */
export function rememberedGroups({ answers }: SolverMemory): number {
  return [...answers.values()].reduce((total, { removedBy }) => total + removedBy.length, 0);
}

/** What reading one remembered set takes. */
interface SetReader {
  readonly set: RememberedSet;
  /** By requirement; without a reader it has no group. */
  readonly requirements: readonly {
    readonly label: string;
    readonly optional: boolean;
    readonly reader: GroupReader | undefined;
  }[];
  readonly reasons: readonly Reason[];
}

function setReader(
  set: RememberedSet,
  requirements: RequirementSet,
  { readerOf }: { readonly readerOf: (text: string) => GroupReader | undefined },
): SetReader {
  return {
    set,
    requirements: requirements.map((requirement, at) => ({
      label: labelOf(requirement),
      optional: requirement.optional === true,
      reader: readerOf(set.answers[at] ?? ""),
    })),
    reasons: reasonsOf(set)(),
  };
}

function decisionAt(
  { set, requirements, reasons }: SetReader,
  row: number,
  { provider, providerVersion, diagnostic, version, set: at }: Whose,
): Decision {
  const selectors: Record<string, Selector> = {};
  const datasets: Record<string, readonly string[]> = {};
  const { offsets, items } = set.places;
  for (const [number, { label, optional, reader }] of requirements.entries()) {
    const first = offsets[row * requirements.length + number] as number;
    const end = offsets[row * requirements.length + number + 1] as number;
    if (reader === undefined || first === end) continue;
    const place = items[first] as number;
    if (!optional) selectors[label] = reader.selector(place);
    datasets[label] =
      end - first === 1 ? reader.ids(place) : reader.idsOfAll([...items.subarray(first, end)]);
  }
  const { key, selectorDigest, fingerprint, compatHash } = identityAt({ set, row });
  const decision = set.runs[row] === 1 ? "run" : "skip";
  const identity = {
    provider,
    providerVersion,
    diagnostic,
    version,
    set: at,
    key,
    selectorDigest,
    decision,
  } as const;
  const group = set.groups[row] as Rid;
  const found = { fingerprint, compatHash, selectors, reasons: [reasons[row] as Reason], datasets } as const;
  return group === "" ? { ...identity, ...found } : { ...identity, group, ...found };
}
