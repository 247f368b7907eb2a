import { builtInCodecs } from "../adapters/codecs/built-in-codecs.ts";
import { createMemoryProducts } from "../adapters/memory/product-store.ts";
import { createStepInputs } from "../adapters/step-inputs/step-inputs.ts";
import { createEventHub } from "../app/steps/event-hub.ts";
import type { RunnerOptions, RunnerSession } from "../app/steps/session.ts";
import { AlmanacError } from "../core/errors.ts";
import type { Pipeline } from "../core/steps/pipeline.ts";
import type { CodeIdentity } from "../ports/code-identity.ts";
import type { OpenProductStore, ProductStore } from "../ports/product-store.ts";
import { systemClock } from "./system-clock.ts";

/** What a runner is opened with. */
export interface RunnerParts {
  readonly pipeline: Pipeline<never, never> | Pipeline<unknown, unknown>;
  readonly config: unknown;
  readonly products: ProductStore | undefined;
  readonly options: RunnerOptions & { readonly reportError?: (error: unknown) => void };
}

/** An open runner: its session and how it is closed. */
export interface OpenRunner {
  readonly session: RunnerSession;
  readonly store: ProductStore;
  readonly close: () => Promise<void>;
}

/** Wires a runner. The store is opened by the first call that needs it. @throws PIPELINE_INVALID, CONFIG_INVALID */
export function openRunnerSession({ pipeline, config, products, options }: RunnerParts): OpenRunner {
  const store = products ?? createMemoryProducts();
  let open: Promise<OpenProductStore> | undefined;
  const memory = products === undefined ? {} : { memory: digestFileOf(store) };
  const session: RunnerSession = {
    graph: pipeline.graph(),
    options,
    codecs: [...(options.codecs ?? []), ...builtInCodecs],
    pipeline: pipeline.options,
    configuration: configurationOf(pipeline.options.config, config),
    ports: {
      store,
      code: sourceCode(pipeline.comparedSources()),
      inputs: createStepInputs({ ...memory, environment: process.env }),
      clock: systemClock,
    },
    events: createEventHub(
      options.reportError ?? ((error) => process.emitWarning(`an observer failed: ${String(error)}`)),
    ),
    memory: new Map(),
    code: [],
    capturedCode: new Map(),
    flights: new Map(),
    running: new Set(),
    store: () => {
      open ??= store.open();
      return open;
    },
  };
  const close = async (): Promise<void> => {
    // One that could not be opened has told whoever asked for it.
    const [opened] = await Promise.allSettled([open]);
    open = undefined;
    if (opened.status === "fulfilled") await opened.value?.close();
  };
  return { session, store, close };
}

/** Loaded when the first step without a version is identified. */
function sourceCode(compared: Map<string, string>): CodeIdentity {
  let loaded: Promise<CodeIdentity> | undefined;
  return {
    identify: async (requests) => {
      loaded ??= import("../adapters/source-code/source-code.ts").then(({ createSourceCode }) =>
        createSourceCode(compared),
      );
      return (await loaded).identify(requests);
    },
  };
}

function digestFileOf({ place }: ProductStore): string {
  return `${place}/file-digests.txt`;
}

/**
 * The configuration: of a schema what `parse` makes of the input, of a class the instance given or a new one with the given members,
 * of defaults a copy with what was given put over them.
 * @throws CONFIG_INVALID when a schema refuses it
 */
export function configurationOf(source: unknown, given: unknown): unknown {
  if (typeof source === "function") return instanceOf(source as new () => object, given);
  if (isSchema(source)) {
    try {
      return source.parse(given ?? {});
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new AlmanacError("CONFIG_INVALID", `the pipeline's configuration is not valid: ${message}`, {
        cause: error,
      });
    }
  }
  if (source === undefined) return given ?? {};
  if (given === undefined) return source;
  return isPlain(given) && typeof source === "object" ? { ...source, ...given } : given;
}

/** An instance that was given, or a new one with the members that were given. */
function instanceOf(source: new () => object, given: unknown): unknown {
  return given === undefined || isPlain(given) ? Object.assign(new source(), given) : given;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isSchema(source: unknown): source is { readonly parse: (input: unknown) => unknown } {
  return (
    typeof source === "object" && source !== null && "parse" in source && typeof source.parse === "function"
  );
}
