import type { Diagnostic } from "../core/diagnostic/diagnostic.ts";
import { AlmanacError, Defect } from "../core/errors.ts";
import { requireSolverDefinition, type SolverDefinition } from "../core/execution/definition.ts";
import type { RunRequest } from "../ports/folder-runner.ts";
import { callFunction } from "./call-function.ts";
import { createContext } from "./execution-context.ts";
import type { Computation, Computed, WorkerPorts } from "./worker-ports.ts";

function changed(definition: SolverDefinition, why: string): AlmanacError {
  const name = `${definition.provider.slug}/${definition.diagnostic.slug}`;
  return new AlmanacError(
    "PROVIDER_INVALID",
    `the code of ${name} is not what this execution was recorded for: ${why}`,
    {
      hint: "solve again, so that an execution of the present code is recorded",
      facts: { provider: definition.provider.slug, diagnostic: definition.diagnostic.slug },
    },
  );
}

/** Finds the diagnostic that the definition names, in the very version. */
async function findDiagnostic(
  { definition: asked }: Computation,
  { ports, request }: { ports: WorkerPorts; request: RunRequest },
): Promise<Extract<Diagnostic["computation"], { kind: "function" }>> {
  const definition = requireSolverDefinition(asked);
  if (definition.computation.kind !== "function") throw new Defect("a command line has no function");
  const { module } = definition.computation;
  const providers = await ports.loadProviders(module, request.projectFolder);
  const provider = providers.find(({ slug }) => slug === definition.provider.slug);
  if (provider === undefined)
    throw changed(definition, `${module} holds no provider "${definition.provider.slug}"`);
  const diagnostic = provider.diagnostics.find(({ slug }) => slug === definition.diagnostic.slug);
  if (diagnostic === undefined)
    throw changed(definition, `it holds no diagnostic "${definition.diagnostic.slug}"`);
  if (diagnostic.version !== definition.diagnostic.version)
    throw changed(definition, `it has version ${diagnostic.version}, not ${definition.diagnostic.version}`);
  if (diagnostic.computation.kind !== "function") throw changed(definition, "it is a command line now");
  return diagnostic.computation;
}

/**
 * Runs a diagnostic's function in this process and writes its bundles.
 * @throws what the function throws; PROVIDER_INVALID when the code does not fit the definition
 */
export async function computeFunction(
  computation: Computation,
  outside: { ports: WorkerPorts; request: RunRequest },
): Promise<Computed> {
  const { folder, collected, signal } = computation;
  const { ports, request } = outside;
  const output = (bytes: Uint8Array | string): void => folder.log(bytes);
  const { run } = await ports.capture(output, () => findDiagnostic(computation, outside));
  signal.throwIfAborted();
  const definition = requireSolverDefinition(computation.definition);
  const context = createContext(
    { ...computation, definition, clock: ports.clock, progress: request.progress },
    collected,
  );
  return callFunction(computation, {
    call: () => run(context),
    capture: ports.capture,
    trees: ports.trees,
    isolated: ports.isolated,
    givenUp: request.crashed,
  });
}
