import type { Diagnostic } from "../core/diagnostic/diagnostic.ts";
import { AlmanacError, Defect } from "../core/errors.ts";
import { requireSolverDefinition, type SolverDefinition } from "../core/execution/definition.ts";
import type { RunRequest } from "../ports/folder-runner.ts";
import { createContext } from "./execution-context.ts";
import type { Computation, Computed, WorkerPorts } from "./worker-ports.ts";
import { writeBundles } from "./write-bundles.ts";

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
  const begin = performance.now();
  // Before anybody is told: whoever then watches this process must not see the peak of an earlier computation.
  const watch = ports.trees.watchSelf({ marker: folder.path, isolated: ports.isolated });
  computation.begin(undefined);
  try {
    await Promise.race([ports.capture(output, async () => run(context)), rejection(request.crashed)]);
  } catch (error) {
    // A function that heeds its signal throws something of its own; why it was aborted says more.
    signal.throwIfAborted();
    throw error;
  } finally {
    const used = await watch.finish();
    computation.used({ ...used, wallSeconds: (performance.now() - begin) / 1000 });
  }
  signal.throwIfAborted();
  if (collected.verdict !== undefined) throw collected.verdict;
  const bundles = writeBundles(folder, collected);
  noteUnregistered(computation, bundles);
  return { bundles };
}

/** Rejects with the reason of a signal once it aborts. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

/** Says in the log which files were left without being registered: they are not kept. */
function noteUnregistered({ folder, collected }: Computation, bundles: Computed["bundles"]): void {
  const known = new Set<string>([...collected.manifest.artifacts.keys(), ...Object.values(bundles)]);
  const left = folder.left().filter((path) => !known.has(path));
  if (left.length > 0) folder.log(`WARN not registered, so not kept: ${left.join(", ")}\n`);
}
