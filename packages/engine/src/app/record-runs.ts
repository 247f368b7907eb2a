import type { Diagnostic } from "../core/diagnostic/diagnostic.ts";
import { Defect, isAlmanacError } from "../core/errors.ts";
import type { SolverDefinition } from "../core/execution/definition.ts";
import type { Owner } from "../core/execution/record.ts";
import { digestOf } from "../core/identity/digest.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import type { Decision, SolveError } from "../core/solver/plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { ExecutionCatalog, NewExecution } from "../ports/execution-catalog.ts";
import { executionDefiner } from "./define-execution.ts";
import type { LoadedProvider } from "./loaded-provider.ts";
import { pinReleased, type ReleasedCatalog } from "./pin-released.ts";
import type { MadePlan } from "./plan.ts";

/** Executions recorded in one transaction; what they have in common is written once in each. */
const recordBatch = 20_000;

/** What recording the runs of a plan takes. */
export interface RecordRunsOptions {
  readonly providers: readonly LoadedProvider[];
  readonly vocabulary: Vocabulary;
  /** Who will run them; absent: they are held for a later solve. */
  readonly owner: Owner | undefined;
  readonly ports: {
    readonly executions: ExecutionCatalog;
    readonly authored: ReleasedCatalog;
    readonly clock: Clock;
  };
  /** Why executions cannot be defined, by diagnostic; added to. */
  readonly refused: Map<string, SolveError>;
}

/** What was recorded. */
export interface RecordedRuns {
  /** Those that are ours to submit. */
  readonly definitions: readonly SolverDefinition[];
  /** Number of runs that are not, because another process was faster. */
  readonly outrun: number;
}

/** Records all runs of a plan, in batches of one transaction each. Those that cannot be defined are left out. */
export async function recordRuns(
  { plan, snapshot }: MadePlan,
  { providers, vocabulary, owner, ports, refused }: RecordRunsOptions,
): Promise<RecordedRuns> {
  const runs = plan.decisions.filter(({ decision }) => decision === "run");
  if (runs.length === 0) return { definitions: [], outrun: 0 };
  const current = await snapshot();
  const context = {
    snapshot: current,
    released: await pinReleased(runs, { snapshot: current, authored: ports.authored }),
    vocabulary,
    createdAt: ports.clock.now(),
    inputs: new Map(),
  };
  const definitions: SolverDefinition[] = [];
  let left = 0;
  const parametersDigest = parametersDigests();
  for (let at = 0; at < runs.length; at += recordBatch) {
    const batch = runs.slice(at, at + recordBatch).map((decision): NewExecution => {
      const found = requireDiagnostic(decision, providers);
      const define = executionDefiner({ decision, ...found }, context);
      return {
        decision,
        parametersDigest: parametersDigest(found.diagnostic),
        held: owner === undefined,
        mark: current.mark,
        define: (rids) => {
          try {
            return define(rids);
          } catch (error) {
            if (!isAlmanacError(error, "PROVIDER_INVALID")) throw error;
            const { provider, diagnostic } = decision;
            refused.set(`${provider}/${diagnostic}`, { provider, diagnostic, message: error.message });
            left += 1;
            return undefined;
          }
        },
      };
    });
    definitions.push(...(await ports.executions.record(batch, owner)));
  }
  return { definitions, outrun: runs.length - definitions.length - left };
}

/** Digest of a diagnostic's parameters, computed once for each. */
function parametersDigests(): (diagnostic: Diagnostic) => string {
  const digests = new Map<Diagnostic, string>();
  return (diagnostic) => {
    const digest = digests.get(diagnostic) ?? digestOf(diagnostic.parameters);
    digests.set(diagnostic, digest);
    return digest;
  };
}

function requireDiagnostic(
  decision: Decision,
  providers: readonly LoadedProvider[],
): { loaded: LoadedProvider; diagnostic: Diagnostic } {
  const loaded = providers.find(({ provider }) => provider.slug === decision.provider);
  const diagnostic = loaded?.provider.diagnostics.find(({ slug }) => slug === decision.diagnostic);
  if (loaded === undefined || diagnostic === undefined)
    throw new Defect(`a decision names ${decision.provider}/${decision.diagnostic}, which no provider has`);
  return { loaded, diagnostic };
}
