import { AlmanacError } from "../../core/errors.ts";
import { digestOf } from "../../core/identity/digest.ts";
import type { Named } from "../../core/steps/action.ts";
import { readShape } from "../../core/steps/decide.ts";
import { keyOf, ownDigest, type StepFacts } from "../../core/steps/key.ts";
import { type Reading, shapeDigest, shapeOf } from "../../core/steps/reading.ts";
import type { Checkpoint, Step } from "../../core/steps/step.ts";
import type { BuildContext } from "./build-context.ts";
import { codecsOf } from "./load-product.ts";

/** Whose checkpoints. */
export interface CheckpointOwner {
  readonly step: Step;
  readonly facts: StepFacts;
  readonly requires: readonly Named[];
  /** What the step has read of the configuration until now. */
  readonly readings: () => readonly Reading[];
  readonly parent: number;
  /** True when the step must run from its beginning. */
  readonly anew: boolean;
}

const product = "checkpoint";

/**
 * Checkpoints of a step: kept like products, under a key of what the step had read until then. Configuration paths that the
 * step declares in `checkpoints.across` do not count.
 */
export function checkpointOf(context: BuildContext, owner: CheckpointOwner): Checkpoint {
  const { store, session, emit, read } = context;
  const { step, requires, parent } = owner;
  const facts: StepFacts = { ...owner.facts, name: `${owner.facts.name}#checkpoint` };
  const across = step.options.checkpoints?.across ?? [];
  const codecs = codecsOf(context, step, product);
  const counts = ([path]: readonly [string, ...unknown[]]): boolean =>
    !across.some((each) => path === each || path.startsWith(`${each}.`));
  return {
    load: async () => {
      if (owner.anew) return undefined;
      for (const shape of store.history.shapes(facts.name)) {
        const readings = readShape(shape, read);
        const output = store.history.action(keyOf(ownDigest(facts, readings), requires))?.outputs[0];
        if (output === undefined || !store.history.holds(output)) continue;
        const codec = codecs.find(({ name }) => name === output.codec);
        if (codec !== undefined)
          return codec.decode(await store.bytes(output), {
            file: (path) => store.file(output, path),
            product: noProduct,
          });
      }
      return undefined;
    },
    save: async (state) => {
      const codec = codecs.find((each) => each.accepts(state));
      if (codec === undefined)
        throw new AlmanacError("CODEC_FAILED", `the checkpoint of step "${step.id}" cannot be stored`, {
          hint: "save lists, plain objects, maps, dates and typed arrays",
        });
      const readings = owner.readings().filter(counts);
      const own = ownDigest(facts, readings);
      const output = await store.put({ product, codec: codec.name, encoded: await codec.encode(state) });
      store.record({
        key: keyOf(own, requires),
        step: facts.name,
        own,
        shape: shapeDigest(shapeOf(readings)),
        outputs: [output],
        ingredients: { code: facts.code, readings, requires },
        provenance: { at: session.ports.clock.now(), durationMs: 0, build: context.id, reasons: [] },
      });
      await store.flush();
      emit({ kind: "checkpoint", step: step.id, parent, bytes: output.bytes });
    },
  };
}

function noProduct(name: string): Promise<never> {
  return Promise.reject(
    new AlmanacError("CODEC_FAILED", `a checkpoint cannot need another product ("${name}")`),
  );
}

/** What a step is run for: two runs of it are the same if this is. @param configuration digest of the whole, if it has one */
export function flightName(
  facts: StepFacts,
  requires: readonly Named[],
  { configuration }: { readonly configuration: string },
): string {
  return digestOf([ownDigest(facts, []), requires, configuration]);
}
