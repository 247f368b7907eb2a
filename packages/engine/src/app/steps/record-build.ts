import type { Action } from "../../core/steps/action.ts";
import type { BuildRecord, RecordedStep } from "../../core/steps/build-record.ts";
import { coneOf } from "../../core/steps/graph.ts";
import { itemsCodecName } from "../../core/steps/items-codec.ts";
import type { Reason } from "../../core/steps/reason.ts";
import { type BuildEnd, buildSteps } from "./build.ts";
import type { BuildContext, BuildOptions } from "./build-context.ts";
import { filesOf } from "./facts.ts";
import { type BuildReport, getProduct, reportOf } from "./get-products.ts";
import { type RunnerSession, requireProducer, stepAt } from "./session.ts";

/** Bytes and the name of the codec that reads them. */
export interface EncodedForm {
  readonly codec: string;
  readonly bytes: Uint8Array;
}

/** A product that was asked for, in stored form. */
export interface StoredForm {
  readonly product: string;
  readonly step: string;
  readonly key: string;
  readonly digest: string;
  /** Its bytes, verified; undefined when it is nothing but its files, or a list that no codec takes. @throws PRODUCT_DAMAGED */
  encoded(): Promise<EncodedForm | undefined>;
  /** Files that belong to it, where the store keeps them; they must not be changed. */
  readonly files: readonly { readonly path: string; readonly from: string }[];
}

/** A build with everything that there is to be told of it. */
export interface RecordedBuild {
  readonly report: BuildReport;
  readonly record: BuildRecord;
  /** What was asked for, as far as it is there and can be stored. */
  readonly stored: readonly StoredForm[];
}

/**
 * Makes products as `buildProducts` does and tells of every step what became of it.
 * @throws UNKNOWN_NAME; failures of steps are in the report
 */
export async function recordBuild(
  session: RunnerSession,
  names: readonly string[],
  options: BuildOptions,
): Promise<RecordedBuild> {
  const targets = [...new Set(names.map((name) => requireProducer(session, name)))];
  const reasons = new Map<string, readonly Reason[]>();
  const forget = session.events.observe((event) => {
    if (event.kind === "building" || event.kind === "built") reasons.set(event.step, event.reasons);
  });
  try {
    const end = await buildSteps(session, targets, options);
    const steps = end.context.cone.map((number) => recordedStep(end, number, reasons));
    return {
      report: reportOf(session, end),
      record: { pipeline: session.graph.name, asked: names, steps },
      stored: names.flatMap((name) => storedForm(end.context, name)),
    };
  } finally {
    forget();
  }
}

/**
 * The files and folders that the steps needed for some products declare, as they name them, each once.
 * @throws UNKNOWN_NAME
 */
export function declaredFiles(session: RunnerSession, names: readonly string[]): readonly string[] {
  const targets = names.map((name) => requireProducer(session, name));
  const paths = coneOf(session.graph, targets).flatMap((number) =>
    filesOf(stepAt(session, number), session.configuration),
  );
  return [...new Set(paths)];
}

// allow-parameters: the build, the step, and why steps ran
function recordedStep(
  end: BuildEnd,
  number: number,
  reasons: ReadonlyMap<string, readonly Reason[]>,
): RecordedStep {
  const { context, ran, failures } = end;
  const { id: step } = stepAt(context.session, number);
  const failure = failures.find((each) => each.number === number && each.root === number);
  const action = context.settled.get(number);
  const didRun = ran.includes(number);
  const { files } = context.facts(number);
  return {
    step,
    outcome: failure !== undefined ? "failed" : didRun ? "ran" : action === undefined ? "not-run" : "hit",
    reasons: didRun || failure !== undefined ? (reasons.get(step) ?? []) : [],
    ...(action === undefined ? {} : originOf(end, number, action)),
    products: (action?.outputs ?? []).map(({ product, codec, digest, bytes }) => ({
      ...{ product, codec, digest, bytes },
    })),
    ...(files.length === 0 ? {} : { files }),
    ...(failure === undefined ? {} : { error: { code: failure.error.code, message: failure.error.message } }),
  };
}

/** Under which key a settled step's products are, when they were made, and whose they were. */
// allow-parameters: the build, the step and its action
function originOf(
  { context: { store }, taken }: BuildEnd,
  number: number,
  { key }: Action,
): Pick<RecordedStep, "key" | "madeAt" | "takenFrom"> {
  const known = store.history.action(key);
  const madeAt = known === undefined ? undefined : store.history.record(known).provenance.at;
  return {
    key,
    ...(madeAt === undefined ? {} : { madeAt }),
    ...(taken.includes(number) && store.shared !== undefined ? { takenFrom: store.shared.place } : {}),
  };
}

/** @returns nothing for a step without product, a product that is not there, and one that lives in memory only */
function storedForm({ session, settled, store }: BuildContext, name: string): readonly StoredForm[] {
  const number = requireProducer(session, name);
  const action = settled.get(number);
  const output = action?.outputs.find(({ product }) => product === name);
  if (action === undefined || output === undefined || output.codec === "live") return [];
  const { digest, codec } = output;
  const encoded = async (): Promise<EncodedForm | undefined> => {
    if (output.codec === itemsCodecName) return encodedWhole(session, name);
    // Files are verified too before they are copied.
    const bytes = await store.bytes(output);
    return fileCodecs.has(codec) ? undefined : { codec, bytes };
  };
  const files = (output.files ?? []).map(({ path }) => ({ path, from: store.file(output, path) }));
  return [{ product: name, step: stepAt(session, number).id, key: action.key, digest, encoded, files }];
}

/** Codecs whose bytes tell of nothing but the files. */
const fileCodecs: ReadonlySet<string> = new Set(["file", "folder"]);

/** A product of a map step is stored item by item: outside of the store it is one list. */
async function encodedWhole(session: RunnerSession, name: string): Promise<EncodedForm | undefined> {
  const value = await getProduct(session, name, {});
  const codec = session.codecs.find((each) => each.accepts(value));
  return codec === undefined ? undefined : { codec: codec.name, bytes: (await codec.encode(value)).bytes };
}
