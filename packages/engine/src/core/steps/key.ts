import { digestOf } from "../identity/digest.ts";
import type { Named } from "./action.ts";
import type { Reading } from "./reading.ts";

/** Part of every key: raised when what a key covers changes. */
const formatTag = "almanac.step/1";

/** What decides a step's output beside configuration and requirements. */
export interface StepFacts {
  /** Pipeline and step: `convection/mesh`. */
  readonly name: string;
  readonly produces: readonly string[];
  /** Digest of the code, or `version:` and the version given. */
  readonly code: string;
  readonly files: readonly Named[];
  readonly environment: readonly Named[];
  readonly captures: readonly Named[];
  /** The seed as text. */
  readonly seed: string | undefined;
  /** Names of the codecs declared for its products. */
  readonly codecs: readonly Named[];
  /** What of the code could not be followed; the step then runs each time. */
  readonly unfollowed: readonly string[];
}

/** Digest of everything that decides a step's output but its requirements. */
export function ownDigest(facts: StepFacts, readings: readonly Reading[]): string {
  return digestOf([
    formatTag,
    facts.name,
    facts.produces,
    facts.code,
    facts.files,
    facts.environment,
    facts.captures,
    facts.seed ?? null,
    facts.codecs,
    readings,
  ]);
}

/**
 * The input key: own digest and the output digests of the requirements.
 * @param requires in the order of declaration
 */
export function keyOf(own: string, requires: readonly Named[]): string {
  return digestOf([own, requires]);
}
