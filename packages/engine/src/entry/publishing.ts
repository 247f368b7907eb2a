import { readFileSync } from "node:fs";
import path from "node:path";
import type { CatalogQueue } from "../app/catalog-queue.ts";
import type { PublishPorts } from "../app/publish.ts";
import type { ExecutionEnd } from "../app/run-executions.ts";
import type { EndedExecution } from "../app/settle.ts";
import { AlmanacError } from "../core/errors.ts";
import { defaultVocabulary } from "../core/results/default-vocabulary.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import { parseVocabulary } from "../documents/vocabulary.ts";
import type { Settings } from "./config/settings.ts";
import type { Catalog } from "./project.ts";
import type { PublishVerbs } from "./publish-verbs.ts";
import type { Stores } from "./stores.ts";
import { systemClock } from "./system-clock.ts";

/** What publishing is made of. */
export interface PublishingParts extends Stores {
  readonly catalog: Catalog;
  readonly folder: string;
  readonly settings: Settings;
  /** Holds in place of the one that the settings name. */
  readonly vocabulary?: Vocabulary;
}

/** Publishing as the solve uses it and as commands offer it, verb by verb. */
export interface Publishing {
  /** @throws CONFIG_INVALID when the configured vocabulary cannot be read */
  readonly vocabulary: () => Vocabulary;
  readonly publisher: (
    queue: CatalogQueue,
    how?: Pick<PublishPorts, "signal" | "emit">,
  ) => (ended: EndedExecution) => Promise<ExecutionEnd>;
  readonly verbs: PublishVerbs;
}

/** Wires publishing; what does it is loaded when something is published, or a verb is asked for. */
export function createPublishing(parts: PublishingParts): Publishing {
  let read = parts.vocabulary;
  const vocabulary = (): Vocabulary => (read ??= readVocabulary(parts));
  const publisher: Publishing["publisher"] = (queue, how = {}) => {
    const { scratch, results, settings } = parts;
    const ports: PublishPorts = {
      scratch,
      results,
      values: queue,
      transitions: queue,
      vocabulary: vocabulary(),
      clock: systemClock,
      keepScratch: settings.publish.keepScratch,
      ...how,
    };
    return async (ended: EndedExecution) =>
      (await import("../app/publish.ts")).publishExecution(ended, ports);
  };
  return { vocabulary, publisher, verbs: loadedVerbs({ ...parts, vocabulary }) };
}

function loadedVerbs(
  parts: Stores & Pick<Publishing, "vocabulary"> & { readonly catalog: Catalog },
): PublishVerbs {
  const verbs = async (): Promise<PublishVerbs> =>
    (await import("./publish-verbs.ts")).createPublishVerbs(parts);
  return {
    retry: async (rid) => (await verbs()).retry(rid),
    cancel: async (rid) => (await verbs()).cancel(rid),
    materialize: async (rid) => (await verbs()).materialize(rid),
    resolve: async (rid) => (await verbs()).resolve(rid),
    attach: async (rid, request) => (await verbs()).attach(rid, request),
    reingest: async (rid, how) => (await verbs()).reingest(rid, how),
    ingestResults: async (rids, how) => (await verbs()).ingestResults(rids, how),
  };
}

function readVocabulary({ settings, folder }: PublishingParts): Vocabulary {
  if (settings.solve.vocabulary === "") return defaultVocabulary;
  const file = path.resolve(folder, settings.solve.vocabulary);
  try {
    return parseVocabulary(readFileSync(file, "utf8"), file);
  } catch (cause) {
    if (cause instanceof AlmanacError) throw cause;
    throw new AlmanacError(
      "CONFIG_INVALID",
      `the vocabulary ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: "correct solve.vocabulary in the configuration",
        cause,
      },
    );
  }
}
