/** Steps and products: pipelines by what their steps produce and require, built, reused and explained. */
import {
  type ConfigOf,
  declarePipeline,
  type LooseStep,
  type Pipeline,
  type PipelineOptions,
  pipelineOfSteps,
} from "../../core/steps/pipeline.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { ProductStore } from "../../ports/product-store.ts";
import { productFolder, type SharedPlace, withShared } from "../product-folder.ts";
import { callerModule } from "./caller-module.ts";

export {
  copyProduct,
  type FileProduct,
  type FolderProduct,
  fileProduct,
  folderProduct,
} from "../../adapters/codecs/file-codecs.ts";
export type { BuildOptions } from "../../app/steps/build-context.ts";
export type { CheckReport } from "../../app/steps/check-hits.ts";
export type { BuildReport } from "../../app/steps/get-products.ts";
export type { PlannedStep } from "../../app/steps/plan-steps.ts";
export type { ProductStatus } from "../../app/steps/product-status.ts";
export { AlmanacError, isAlmanacError } from "../../core/errors.ts";
export type { Codec, DecodeContext, EncodedProduct } from "../../core/steps/codec.ts";
export type { DagTable } from "../../core/steps/dag-table.ts";
export type { MapDeclaration, StepDeclaration } from "../../core/steps/declaration.ts";
export type { StepEvent } from "../../core/steps/events.ts";
export { explanationText, reasonText, type StepExplanation } from "../../core/steps/explanation.ts";
export type { Pipeline, PipelineOptions } from "../../core/steps/pipeline.ts";
export { inputsText, type ProductInputs } from "../../core/steps/product-inputs.ts";
export type { Reason } from "../../core/steps/reason.ts";
export { type PythonFloat, type SeedValue, seedKey } from "../../core/steps/seed-key.ts";
export type { Checkpoint, StepContext, StepOptions } from "../../core/steps/step.ts";
export type { BlobContent, BlobEntry, BlobStore, ByteSpan } from "../../ports/blob-store.ts";
export type {
  CollectionPolicy,
  CollectionReport,
  Pin,
  ProductStore,
  StoredProduct,
} from "../../ports/product-store.ts";
export type { SharedPlace } from "../product-folder.ts";
export { WorkflowRunner, type WorkflowRunnerOptions } from "./workflow-runner.ts";

/**
 * Begins a pipeline. The calling module is where the code of its steps is looked for.
 * @param name part of every key: two pipelines do not share results
 * @example
 * pipeline("squares", { config: { count: 3 } })
 *   .step("numbers", { produces: "numbers", run: ({ config }) => Array.from({ length: config.count }, (_, i) => i) })
 *   .step("sum", { produces: "sum", requires: ["numbers"], run: ({ numbers }) => numbers.reduce((a, b) => a + b, 0) })
 */
export function pipeline<S = unknown>(
  name: string,
  options: PipelineOptions<S> = {},
): Pipeline<ConfigOf<S>, Record<never, never>> {
  return declarePipeline(name, withModule(options, callerModule(pipeline)));
}

/** A pipeline of steps in any order; products are not typed. @throws PIPELINE_INVALID */
export function pipelineOf<S = unknown>(
  name: string,
  steps: readonly LooseStep[],
  options: PipelineOptions<S> = {},
): Pipeline<ConfigOf<S>, Record<string, unknown>> {
  return pipelineOfSteps(name, steps, withModule(options, callerModule(pipelineOf)));
}

function withModule<S>(options: PipelineOptions<S>, module: string | undefined): PipelineOptions<S> {
  return module === undefined || options.module !== undefined ? options : { ...options, module };
}

/**
 * Products in a folder, made when it does not exist. Several processes may use it at once.
 * @param options `shared`: a folder or store of blobs that others use too. What the own folder lacks is fetched from there, verified,
 * and what is made here is left there. If it cannot be reached that is a warning, and what is missing is made here.
 * @throws USAGE when the place of shared products is none that is known
 * @example new WorkflowRunner(convection, {}, openProducts("products", { shared: "/team/products" }))
 */
export function openProducts(
  folder: string,
  { shared }: { readonly shared?: string | BlobStore | SharedPlace } = {},
): ProductStore {
  const own = productFolder(folder);
  if (shared === undefined) return own;
  return withShared(own, typeof shared === "object" && "put" in shared ? { place: shared } : placeOf(shared));
}

function placeOf(shared: string | SharedPlace): SharedPlace {
  return typeof shared === "string" ? { place: shared } : shared;
}
