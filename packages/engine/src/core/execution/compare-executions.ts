import { compareCodeUnits } from "../identity/compare.ts";
import type { Json } from "../json.ts";
import { codeFacts, environmentFacts, type Facts, flatFacts, inputFacts } from "./compared-facts.ts";
import { type AnyValue, valueDifference, valuesByName } from "./compared-values.ts";
import type { ExecutionDefinition } from "./definition.ts";
import type { ManifestArtifact } from "./manifest.ts";
import type { ExecutionState } from "./state.ts";

/** Everything of an execution that is compared. */
export interface ComparedExecution {
  readonly state: ExecutionState;
  readonly definition: ExecutionDefinition;
  /** What its computation ran in, where that was recorded. */
  readonly environment: Json | undefined;
  readonly values: readonly AnyValue[];
  readonly artifacts: readonly ManifestArtifact[];
}

/** In what executions are compared, in the order of reports. */
export const comparedAspects = [
  "state",
  "inputs",
  "parameters",
  "code",
  "environment",
  "values",
  "files",
] as const;

/** One thing that is not the same. */
export interface ExecutionDifference {
  readonly aspect: (typeof comparedAspects)[number];
  readonly name: string;
  /** `added`: only the second has it; `removed`: only the first. */
  readonly change: "added" | "removed" | "changed";
  readonly from?: Json;
  readonly to?: Json;
}

/**
 * What differs between two executions, by aspect and then name. RIDs, places and times of the executions themselves are no
 * differences; files are compared by digest, what was recorded of the environment by its content.
 * @param options.tolerance of numbers in values, relative; 0: equal
 */
export function compareExecutions(
  [first, second]: readonly [ComparedExecution, ComparedExecution],
  options: { readonly tolerance: number },
): readonly ExecutionDifference[] {
  const facts = {
    state: ({ state }: ComparedExecution) => new Map([["state", state]]),
    inputs: ({ definition }: ComparedExecution) => inputFacts(definition),
    parameters: ({ definition }: ComparedExecution) => flatFacts(definition.parameters),
    code: ({ definition }: ComparedExecution) => codeFacts(definition),
    environment: ({ environment }: ComparedExecution) => environmentFacts(environment),
    files: fileFacts,
  } satisfies Partial<Record<ExecutionDifference["aspect"], (execution: ComparedExecution) => Facts>>;
  return comparedAspects.flatMap((aspect) => {
    if (aspect === "values") return compareValues([first.values, second.values], options);
    const [before, after] = [facts[aspect](first), facts[aspect](second)];
    return compareMembers<Json>([before, after], (from, to) =>
      JSON.stringify(from) === JSON.stringify(to) ? undefined : { from, to },
    ).map((difference) => ({ aspect, ...difference }));
  });
}

function fileFacts({ artifacts }: ComparedExecution): Facts {
  const produced = artifacts.filter(({ kind }) => kind !== "execution-metadata");
  return new Map(produced.map(({ path, sha256 }) => [path, sha256 ?? null]));
}

function compareValues(
  [before, after]: readonly [readonly AnyValue[], readonly AnyValue[]],
  options: { readonly tolerance: number },
): readonly ExecutionDifference[] {
  return compareMembers([valuesByName(before), valuesByName(after)], (from, to) =>
    valueDifference([from, to], options),
  ).map((difference) => ({ aspect: "values", ...difference }));
}

function compareMembers<T>(
  [before, after]: readonly [ReadonlyMap<string, T>, ReadonlyMap<string, T>],
  differenceOf: (from: T, to: T) => { readonly from: Json; readonly to: Json } | undefined,
): readonly Omit<ExecutionDifference, "aspect">[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(compareCodeUnits);
  return names.flatMap((name): readonly Omit<ExecutionDifference, "aspect">[] => {
    const [from, to] = [before.get(name), after.get(name)];
    if (from === undefined) return [{ name, change: "added" }];
    if (to === undefined) return [{ name, change: "removed" }];
    const difference = differenceOf(from, to);
    return difference === undefined ? [] : [{ name, change: "changed", ...difference }];
  });
}
