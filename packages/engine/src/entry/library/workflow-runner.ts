import { acceptChange, revertChanges } from "../../app/steps/accept-change.ts";
import type { BuildOptions } from "../../app/steps/build-context.ts";
import { type CheckReport, checkHits } from "../../app/steps/check-hits.ts";
import { type EventHub, eventsOf, type StepObserver } from "../../app/steps/event-hub.ts";
import { explainProduct } from "../../app/steps/explain-product.ts";
import { type BuildReport, buildLeaves, buildProducts, getProduct } from "../../app/steps/get-products.ts";
import { type PlannedStep, planSteps } from "../../app/steps/plan-steps.ts";
import { productInputs } from "../../app/steps/product-inputs.ts";
import { type ProductStatus, statusReader } from "../../app/steps/product-status.ts";
import { declaredFiles, type RecordedBuild, recordBuild } from "../../app/steps/record-build.ts";
import {
  dropProduct,
  hasProduct,
  isProductFresh,
  loadStored,
  saveProduct,
} from "../../app/steps/saved-products.ts";
import { type RunnerOptions, type RunnerSession, requireProducer } from "../../app/steps/session.ts";
import { AlmanacError } from "../../core/errors.ts";
import { type DagTable, dagTable } from "../../core/steps/dag-table.ts";
import { type DiagramFormat, dotDiagram, mermaidDiagram } from "../../core/steps/diagram.ts";
import { svgDiagram } from "../../core/steps/diagram-svg.ts";
import type { StepEvent } from "../../core/steps/events.ts";
import type { StepExplanation } from "../../core/steps/explanation.ts";
import type { Pipeline } from "../../core/steps/pipeline.ts";
import type { ProductInputs } from "../../core/steps/product-inputs.ts";
import { leavesOf, whatInvalidates } from "../../core/steps/reach.ts";
import type {
  CollectionPolicy,
  CollectionReport,
  Pin,
  ProductStore,
  StoredProduct,
} from "../../ports/product-store.ts";
import { openRunnerSession } from "../open-runner.ts";

/** How a runner works, beyond what each call says. */
export interface WorkflowRunnerOptions extends RunnerOptions {
  /** Told of errors that observers throw; default: a warning of the process. */
  readonly reportError?: (error: unknown) => void;
}

/**
 * Builds the products of a pipeline: asked for a product, it takes it from memory or from the store if it is fresh, else runs
 * the step that makes it, and first what that step requires.
 * @example
 * const runner = new WorkflowRunner(convection, { rayleigh: 1e5 }, openProducts("products"));
 * const log = await runner.get("log");
 */
export class WorkflowRunner<C, P> implements AsyncDisposable {
  readonly #session: RunnerSession;
  readonly #events: EventHub;
  readonly #store: ProductStore;
  readonly #place: string | undefined;
  readonly #close: () => Promise<void>;

  /**
   * @param config a configuration, or part of one when the pipeline has defaults; default: what the pipeline says
   * @param products where products are kept; default: in memory
   * @throws PIPELINE_INVALID when steps require each other in a circle; CONFIG_INVALID
   */
  // allow-parameters: pipeline, configuration and products are what a runner is made of, in the order users know
  constructor(
    pipeline: Pipeline<C, P>,
    config?: Partial<C>,
    products?: ProductStore,
    options: WorkflowRunnerOptions = {},
  ) {
    const { session, store, close } = openRunnerSession({ pipeline, config, products, options });
    this.#session = session;
    this.#events = session.events;
    this.#store = store;
    this.#place = products?.place;
    this.#close = close;
  }

  /** The pipeline's name, its module as far as it is known, and where products are kept unless in memory. */
  get source(): {
    readonly pipeline: string;
    readonly module: string | undefined;
    readonly products: string | undefined;
  } {
    const { graph, pipeline } = this.#session;
    return { pipeline: graph.name, module: pipeline.module, products: this.#place };
  }

  /** The configuration that steps are handed. */
  get config(): C {
    return this.#session.configuration as C;
  }

  /**
   * A product: from memory, from the store, or made now.
   * @throws UNKNOWN_NAME with the products there are; STEP_FAILED; see the table of errors
   */
  async get<const N extends string & keyof P>(name: N, options?: BuildOptions): Promise<P[N]>;
  async get(name: string, options?: BuildOptions): Promise<unknown>;
  async get(name: string, options: BuildOptions = {}): Promise<unknown> {
    return getProduct(this.#session, name, options);
  }

  /** The same as `get`. */
  async build<const N extends string & keyof P>(name: N, options?: BuildOptions): Promise<P[N]>;
  async build(name: string, options?: BuildOptions): Promise<unknown>;
  async build(name: string, options: BuildOptions = {}): Promise<unknown> {
    return getProduct(this.#session, name, options);
  }

  /** Makes every product that no step requires. @returns their names in order @throws the first failure */
  async buildAll(options: BuildOptions = {}): Promise<readonly string[]> {
    return buildLeaves(this.#session, options);
  }

  /** Makes products, and steps without product by their name, without loading them; failures are in the report. */
  async buildProducts(names: readonly string[], options: BuildOptions = {}): Promise<BuildReport> {
    return buildProducts(this.#session, names, options);
  }

  /** The same, with what became of each step and what was asked for in stored form: what a record of a build is made of. */
  async buildRecorded(names: readonly string[], options: BuildOptions = {}): Promise<RecordedBuild> {
    return recordBuild(this.#session, names, options);
  }

  /** Files and folders that the steps needed for products declare, as they name them. */
  declaredFiles(names: readonly string[]): readonly string[] {
    return declaredFiles(this.#session, names);
  }

  /** What a build would do, and why. @param names default: every leaf */
  async plan(
    names: readonly string[] = this.leaves(),
    options: BuildOptions = {},
  ): Promise<readonly PlannedStep[]> {
    return (await planSteps(this.#session, this.#targets(names), options)).steps;
  }

  /** Why a product will be made again, or was made; down to the root causes. `explanationText` prints it. */
  async explain(name: string): Promise<StepExplanation> {
    return explainProduct(this.#session, name, { number: requireProducer(this.#session, name) });
  }

  /**
   * What a stored product was made of: configuration values that counted, requirements with keys and digests, code. Fresh or not.
   * `inputsText` prints it.
   * @throws UNKNOWN_NAME, PRODUCT_MISSING
   */
  async inputs(name: string): Promise<ProductInputs> {
    return productInputs(this.#session, name);
  }

  /** Where a product is. @throws UNKNOWN_NAME */
  async status(name: string): Promise<ProductStatus> {
    const number = requireProducer(this.#session, name);
    return (await statusReader(this.#session, [number]))(name);
  }

  /** Drops all products of a product's step from memory and store; nothing downstream. */
  async invalidate(name: string): Promise<void> {
    await dropProduct(this.#session, name, { message: "invalidated" });
  }

  /** Drops a product and makes it again. */
  async rebuild<const N extends string & keyof P>(name: N, options?: BuildOptions): Promise<P[N]>;
  async rebuild(name: string, options?: BuildOptions): Promise<unknown>;
  async rebuild(name: string, options: BuildOptions = {}): Promise<unknown> {
    await this.invalidate(name);
    return getProduct(this.#session, name, options);
  }

  /** Saves a product made by hand: an input of the pipeline, or a name that no step makes. */
  async save(name: string, value: unknown): Promise<void> {
    await saveProduct(this.#session, name, value);
  }

  /** A stored product as it is, fresh or not; nothing runs. @throws PRODUCT_MISSING, UNKNOWN_NAME */
  async load(name: string): Promise<unknown> {
    return loadStored(this.#session, name);
  }

  /** True if something is stored under the name, fresh or not. */
  async has(name: string): Promise<boolean> {
    return hasProduct(this.#session, name);
  }

  /** True if `get` would not run anything. */
  async isFresh(name: string): Promise<boolean> {
    return isProductFresh(this.#session, name, { number: requireProducer(this.#session, name) });
  }

  /** Removes what is stored under a name; for a step's product the same as `invalidate`. */
  async remove(name: string): Promise<void> {
    await dropProduct(this.#session, name, { message: "removed" });
  }

  /** What is stored. @param all those of earlier keys too */
  async list({ all = false }: { readonly all?: boolean } = {}): Promise<readonly StoredProduct[]> {
    const store = await this.#session.store();
    store.refresh();
    return store.products({ all });
  }

  /** Calls a function at each event; one that throws harms nothing. @returns ends the observation */
  observe(observer: StepObserver): () => void {
    return this.#events.observe(observer);
  }

  /** Events from now on, without end. */
  events(): AsyncGenerator<StepEvent, void, void> {
    return eventsOf(this.#events);
  }

  /** Steps with products, requirements and status as a table; HTML in notebooks. */
  async dag(): Promise<DagTable> {
    return dagTable(this.#session.graph, await this.#statusOfAll());
  }

  /** A picture of the pipeline, coloured by status. @returns source text: SVG, DOT or Mermaid */
  async diagram({ format = "svg" }: { readonly format?: DiagramFormat } = {}): Promise<string> {
    const input = { graph: this.#session.graph, statusOf: await this.#statusOfAll() };
    const draw = { svg: svgDiagram, dot: dotDiagram, mermaid: mermaidDiagram }[format];
    return draw(input);
  }

  /** Every product that would be made again if this one changed. @throws UNKNOWN_NAME */
  whatInvalidates(name: string): readonly string[] {
    requireProducer(this.#session, name);
    return whatInvalidates(this.#session.graph, name);
  }

  /** Products that nothing requires. */
  leaves(): readonly string[] {
    return leavesOf(this.#session.graph);
  }

  /** Lets the changed code of a product's step count as unchanged. @param note why */
  async accept(name: string, note: string): Promise<void> {
    await acceptChange(this.#session, this.#stepOf(name), { note });
  }

  /** Takes back the accepted changes of a product's step. @returns how many */
  async revert(name: string): Promise<number> {
    return revertChanges(this.#session, this.#stepOf(name));
  }

  /** Runs a sample of the hits again and compares. @param most how many steps */
  // allow-parameters: how many of which, and how the build goes
  async check(
    most: number,
    names: readonly string[] = this.leaves(),
    options: Pick<BuildOptions, "signal" | "cut"> = {},
  ): Promise<CheckReport> {
    return checkHits(this.#session, this.#targets(names), { ...options, most });
  }

  /** Keeps the present products of a step whatever is collected. @throws PRODUCT_MISSING when it is not fresh */
  async pin(name: string, note = ""): Promise<void> {
    const { context } = await planSteps(this.#session, [requireProducer(this.#session, name)], {});
    const action = context.settled.get(requireProducer(this.#session, name));
    if (action === undefined)
      throw new AlmanacError("PRODUCT_MISSING", `product "${name}" is not stored under its present key`, {
        hint: `build it first`,
      });
    context.store.note({ kind: "pinned", product: name, key: action.key, note });
    await context.store.flush();
  }

  /** Takes a pin away. */
  async unpin(name: string): Promise<void> {
    const store = await this.#session.store();
    store.note({ kind: "unpinned", product: name });
    await store.flush();
  }

  /** The pins. */
  async pins(): Promise<readonly Pin[]> {
    const store = await this.#session.store();
    store.refresh();
    return store.pins();
  }

  /** Throws away what the policy lets go; a dry run only tells. */
  async collect(policy: CollectionPolicy): Promise<CollectionReport> {
    await this.#close();
    return this.#store.collect(policy);
  }

  /** Closes the store; it is opened again when it is needed. */
  async close(): Promise<void> {
    await this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  /** Number of the step of this name, or that makes the product of this name. */
  #stepOf(name: string): number {
    const byId = this.#session.graph.steps.findIndex(({ id }) => id === name);
    return byId >= 0 ? byId : requireProducer(this.#session, name);
  }

  #targets(names: readonly string[]): readonly number[] {
    return [...new Set(names.map((name) => requireProducer(this.#session, name)))];
  }

  #statusOfAll(): Promise<(product: string) => ProductStatus> {
    const { graph } = this.#session;
    return statusReader(
      this.#session,
      graph.steps.map((_, number) => number),
    );
  }
}
