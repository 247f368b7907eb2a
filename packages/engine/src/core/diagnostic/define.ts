import { AlmanacError } from "../errors.ts";
import { defaultTimeoutSeconds, type Limits } from "../execution/limits.ts";
import type { Json } from "../json.ts";
import type { CommandLine, Diagnostic, DiagnosticFunction, Provider } from "./diagnostic.ts";
import { type RequirementInput, requirement } from "./requirement.ts";

/** A diagnostic as written by hand. */
export interface DiagnosticInput {
  readonly slug: string;
  /** Default: the slug. */
  readonly name?: string;
  /** Default 1. */
  readonly version?: number;
  readonly description?: string;
  /** Requirements that all must be met. Either these or `requirementSets`. */
  readonly requirements?: readonly RequirementInput[];
  /** Alternatives, in order of preference. */
  readonly requirementSets?: readonly (readonly RequirementInput[])[];
  readonly facets?: readonly string[];
  readonly parameters?: Readonly<Record<string, Json>>;
  /** Without a time limit of its own it gets `defaultTimeoutSeconds`. */
  readonly limits?: Limits;
  /** The function that computes. Either this or `command`. */
  readonly run?: DiagnosticFunction;
  /** The argument list of a program that computes, in any language. */
  readonly command?: readonly string[] | CommandLine;
}

/**
 * Declares a diagnostic; defaults are filled in, the result is frozen. What is declared is checked against the source
 * types when its provider is registered (`validateProvider`).
 * @throws PROVIDER_INVALID when both or neither of `run` and `command` are given, or requirements beside sets
 */
export function defineDiagnostic(input: DiagnosticInput): Diagnostic {
  if (input.requirements !== undefined && input.requirementSets !== undefined)
    throw refusal(input, "has requirements beside requirementSets", "put the requirements into a set");
  const sets = input.requirementSets ?? (input.requirements === undefined ? [] : [input.requirements]);
  const { slug, name = slug, version = 1, facets = [], parameters = {}, limits = {}, description } = input;
  return frozenCopy({
    slug,
    name,
    version,
    ...(description === undefined ? {} : { description }),
    requirementSets: sets.map((set) => set.map(requirement)),
    facets,
    parameters,
    limits: { timeoutSeconds: defaultTimeoutSeconds, ...limits },
    computation: computationOf(input),
  });
}

function computationOf(input: DiagnosticInput): Diagnostic["computation"] {
  const { run, command } = input;
  if (run !== undefined && command === undefined) return { kind: "function", run };
  if (run !== undefined || command === undefined)
    throw refusal(input, "needs either run or command", "give one of them");
  return { kind: "command", command: typeof command === "function" ? command : () => command };
}

function refusal(input: DiagnosticInput, problem: string, hint: string): AlmanacError {
  return new AlmanacError("PROVIDER_INVALID", `diagnostic "${input.slug}" ${problem}`, { hint });
}

/** Declares a provider; the name defaults to the slug; the result is frozen. */
export function defineProvider(input: Omit<Provider, "name"> & Partial<Pick<Provider, "name">>): Provider {
  return frozenCopy({ name: input.slug, ...input });
}

/** Deep copy with plain objects and lists frozen; functions are kept as they are. */
function frozenCopy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  const copy = Array.isArray(value)
    ? value.map((item: unknown) => frozenCopy(item))
    : Object.fromEntries(
        Object.entries(value).map(([name, member]) => [name, frozenCopy(member as unknown)]),
      );
  return Object.freeze(copy) as T;
}
