import { AlmanacError } from "../core/errors.ts";
import type {
  ExecutionContext,
  ExecutionLog,
  LocalDataset,
  OutputOptions,
  RegisterOptions,
} from "../core/execution/context.ts";
import type { ExecutionDefinition } from "../core/execution/definition.ts";
import {
  applyRecord,
  emptyManifest,
  type ManifestState,
  nextVersion,
  type RegisteredRecord,
  type RegistrationMode,
} from "../core/execution/manifest.ts";
import { requireInside } from "../core/execution/relative-path.ts";
import { shownValue } from "../core/json.ts";
import { inputSpecText } from "../core/records/input-spec.ts";
import type { Scalar, Series } from "../core/results/value.ts";
import { computationCalls } from "../documents/context-calls.ts";
import type { Clock } from "../ports/clock.ts";
import type { ExecutionFolder } from "../ports/execution-folder.ts";
import { checkedCalls } from "./checked-calls.ts";
import { requireScalar, requireSeries } from "./checked-values.ts";
import { logLine } from "./log-line.ts";
import { staging } from "./records/staging.ts";

/** A file named by the output bundle. */
export interface NamedOutput extends Required<OutputOptions> {
  readonly kind: "plot" | "data" | "html";
  /** Inside the folder. */
  readonly path: string;
}

/** What a computation has left so far. Filled through its context. */
export interface Collected {
  readonly scalars: Scalar[];
  readonly series: Series[];
  readonly outputs: NamedOutput[];
  readonly manifest: ManifestState;
  /** Set by `fail` and `abort`, so that a computation that catches their error still fails. */
  verdict: AlmanacError | undefined;
}

/** What a context is made of. */
export interface ContextParts<Definition extends ExecutionDefinition = ExecutionDefinition> {
  readonly definition: Definition;
  readonly inputs: readonly LocalDataset[];
  readonly folder: ExecutionFolder;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Shows progress to whoever watches. */
  readonly progress: (progress: { readonly fraction?: number; readonly text?: string }) => void;
}

/** Nothing collected yet. */
export function nothingCollected(): Collected {
  return { scalars: [], series: [], outputs: [], manifest: emptyManifest(), verdict: undefined };
}

/**
 * Announces a file to the manifest: the rules first, then its line.
 * @throws ARTIFACT_INVALID when the path leaves the folder or is reserved, or path or name are taken
 */
export function register(
  collected: Collected,
  folder: ExecutionFolder,
  options: RegisterOptions & { readonly path: string; readonly mode: RegistrationMode },
): string {
  const asked = requireInside(options.path);
  const identity = { name: options.name ?? asked, kind: options.kind ?? "execution-asset" };
  const path =
    options.replace === "new-version" ? nextVersion(collected.manifest, { path: asked, ...identity }) : asked;
  const record: RegisteredRecord = {
    record: "registered",
    ...identity,
    path,
    types: options.types ?? [],
    mode: options.mode,
    metadata: options.metadata ?? {},
    description: options.description ?? "",
    keepOnFailure: options.keepOnFailure ?? false,
    ...(path === asked ? {} : { replaces: true }),
  };
  applyRecord(collected.manifest, record);
  folder.record([record]);
  return path;
}

function logOf({ folder, clock }: ContextParts): ExecutionLog {
  const write = (level: string, text: unknown): void =>
    folder.log(logLine(`${clock.now()} ${level} ${plain(text)}`));
  return {
    info: (text) => write("INFO", text),
    warn: (text) => write("WARN", text),
    error: (text) => write("ERROR", text),
  };
}

/** What is only told never fails a computation, whatever code without types gives. */
function plain(text: unknown): string {
  if (text instanceof Error) return text.message;
  return typeof text === "string" ? text : shownValue(text);
}

type Registering = Pick<ExecutionContext, "outputPath" | "registerFile" | "plot" | "data" | "html">;

function registering({ folder }: ContextParts, collected: Collected): Registering {
  const outputPath = (path: string, options: RegisterOptions = {}): string =>
    folder.prepare(register(collected, folder, { ...options, path, mode: "write" }));
  const named =
    (kind: NamedOutput["kind"]) =>
    (path: string, options: OutputOptions): string => {
      const place = outputPath(path, { description: options.longName });
      collected.outputs.push({
        description: "",
        dimensions: {},
        ...options,
        kind,
        path: requireInside(path),
      });
      return place;
    };
  return {
    outputPath,
    registerFile: (file, path, { mode, ...options }) => {
      // First, so that nothing is registered that never comes.
      folder.requireSource(file);
      return folder.bring(file, register(collected, folder, { ...options, path, mode }), mode);
    },
    plot: named("plot"),
    data: named("data"),
    html: named("html"),
  };
}

type Ending = Pick<ExecutionContext, "fail" | "abort">;

function ending(collected: Collected): Ending {
  const end = (code: "DIAGNOSTIC_FAILED" | "COMPUTATION_ABORTED", reason: unknown): never => {
    const message = reason === undefined || reason === "" ? "the code gave no reason" : plain(reason);
    collected.verdict ??= new AlmanacError(code, message);
    throw collected.verdict;
  };
  return {
    fail: (reason) => end("DIAGNOSTIC_FAILED", reason),
    abort: (reason) => end("COMPUTATION_ABORTED", reason),
  };
}

function notDeclared(what: string): AlmanacError {
  const message = `the ${what} cannot be fetched here, as a worker has no catalog: declare it as an input`;
  return new AlmanacError("USAGE", message, {
    hint: "a recorded run (almanac run, withExecution) can fetch inputs while it goes on",
    facts: { what },
  });
}

/** The context that a diagnostic's function gets; everything it leaves is added to `collected`. */
export function createContext<Definition extends ExecutionDefinition>(
  parts: ContextParts<Definition>,
  collected: Collected,
): ExecutionContext<Definition> {
  const { definition, inputs, folder } = parts;
  const log = logOf(parts);
  const context: ExecutionContext<Definition> = {
    rid: definition.rid,
    folder: folder.path,
    definition,
    parameters: definition.parameters,
    inputs,
    inputsOf: (requirement) => inputs.filter((input) => input.requirement === requirement),
    signal: parts.signal,
    log,
    ...ending(collected),
    ...registering(parts, collected),
    ...staging({
      definition,
      folder,
      register: (options) => register(collected, folder, options),
      isRegistered: (path) => collected.manifest.artifacts.has(path),
    }),
    useAsset: (spec) => Promise.reject(notDeclared(`asset ${typeof spec === "string" ? spec : spec.rid}`)),
    useDataset: (spec) => Promise.reject(notDeclared(`dataset ${inputSpecText(spec)}`)),
    scalar: (scalar) => {
      collected.scalars.push(requireScalar(scalar));
    },
    series: (series) => {
      collected.series.push(requireSeries(series));
    },
    progress: (fraction, text) => {
      const told = text === undefined ? {} : { text: plain(text) };
      // Of no steps at all none is a share.
      if (!Number.isFinite(fraction)) {
        log.info(told.text ?? "");
        parts.progress(told);
        return;
      }
      const clamped = Math.min(1, Math.max(0, fraction));
      log.info(`${Math.round(clamped * 100)} %${told.text === undefined ? "" : ` ${told.text}`}`);
      parts.progress({ fraction: clamped, ...told });
    },
    status: (text) => {
      log.info(text);
      parts.progress({ text: plain(text) });
    },
  };
  return checkedCalls(context, computationCalls);
}
