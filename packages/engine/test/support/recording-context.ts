import { mkdirSync } from "node:fs";
import path from "node:path";
import type { ExecutionContext, LocalDataset, OutputOptions } from "../../src/core/execution/context.ts";
import type { Rid } from "../../src/core/identity/rid.ts";
import type { Scalar, Series } from "../../src/core/results/value.ts";

/** What a diagnostic's function left in a recording context. */
export interface Recorded {
  readonly scalars: Pick<Scalar, "dimensions" | "value" | "units" | "attributes">[];
  readonly series: (Pick<Series, "dimensions" | "values" | "index" | "indexName"> & Partial<Series>)[];
  readonly outputs: { readonly path: string; readonly options: OutputOptions }[];
  readonly warnings: string[];
}

/** A context in a folder that keeps what a diagnostic's function registers, for calling the function by itself. */
export function recordingContext(
  folder: string,
  options: { readonly diagnostic: string; readonly inputs: readonly LocalDataset[] },
): { readonly context: ExecutionContext; readonly recorded: Recorded } {
  const recorded: Recorded = { scalars: [], series: [], outputs: [], warnings: [] };
  const output = (name: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  };
  const named = (name: string, outputOptions: OutputOptions): string => {
    recorded.outputs.push({ path: name, options: outputOptions });
    return output(name);
  };
  const stop = (reason: string): never => {
    throw new Error(reason);
  };
  const context: ExecutionContext = {
    rid: "1" as Rid,
    folder,
    definition: {
      formatVersion: 1,
      rid: "1" as Rid,
      group: { rid: "2" as Rid, key: "key" },
      provider: { slug: "climate", version: "1.0.0" },
      diagnostic: { slug: options.diagnostic, version: 1, name: options.diagnostic },
      fragment: "f",
      selectors: {},
      datasets: options.inputs,
      fingerprint: "",
      compatHash: "",
      parameters: {},
      limits: {},
      computation: { kind: "function", module: "builtin:climate" },
      vocabulary: { dimensions: [] },
      createdAt: "2000-01-01T00:00:00.000Z",
    },
    parameters: {},
    inputs: options.inputs,
    inputsOf: () => options.inputs,
    signal: new AbortController().signal,
    log: { info: () => {}, warn: (text) => recorded.warnings.push(text), error: () => {} },
    fail: stop,
    abort: stop,
    outputPath: output,
    registerFile: (_file, name) => output(name),
    scalar: (scalar) => {
      recorded.scalars.push({ attributes: {}, ...scalar });
    },
    series: (series) => {
      recorded.series.push(series);
    },
    plot: named,
    data: named,
    html: named,
    progress: () => {},
    status: () => {},
  };
  return { context, recorded };
}

/** An input dataset of the requirement `cmip6`. */
export function localDataset(
  facets: Readonly<Record<string, string>>,
  localPaths: readonly string[],
): LocalDataset {
  return {
    requirement: "cmip6",
    sourceType: "cmip6",
    id: Object.values(facets).join("."),
    version: "v1",
    facets,
    files: localPaths.map((file) => ({ path: file, contentId: "none" })),
    localPaths,
  };
}
