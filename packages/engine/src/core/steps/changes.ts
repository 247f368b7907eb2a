import type { ActionRecord, Named } from "./action.ts";
import { type CodeFacts, changedCode, differences } from "./code-facts.ts";
import type { StepHistory } from "./history.ts";
import type { StepFacts } from "./key.ts";
import type { Reading } from "./reading.ts";
import type { Reason } from "./reason.ts";
import type { ConfigurationReader } from "./seen.ts";

/** The present state of a step, to be compared with a recorded action. */
export interface PresentState {
  readonly facts: StepFacts;
  readonly codeFacts: CodeFacts | undefined;
  readonly read: ConfigurationReader;
  readonly declared: readonly Reading[] | undefined;
  /** Requirements whose digests are known. */
  readonly requires: readonly Named[];
  readonly history: StepHistory;
}

const absent = "absent";

/** What differs between a recorded action and the present, as reasons; requirements that are not known do not count. */
export function changedFrom(record: ActionRecord, present: PresentState): readonly Reason[] {
  const { ingredients } = record;
  const { facts } = present;
  return [
    ...codeReasons(ingredients.code, present),
    ...configurationReasons(ingredients.readings, present),
    ...named(ingredients.captures, facts.captures).map((each): Reason => ({ code: "capture", ...each })),
    ...named(ingredients.files, facts.files).map(
      ({ name, from, to }): Reason => ({ code: "file", path: name, from, to }),
    ),
    ...named(ingredients.environment, facts.environment).map(
      (each): Reason => ({ code: "environment", ...each }),
    ),
    ...seedReasons(ingredients.seed, facts.seed),
    ...requirementReasons(ingredients.requires, present.requires),
  ];
}

function codeReasons(from: string, { facts, codeFacts, history }: PresentState): readonly Reason[] {
  if (from === facts.code) return [];
  return [{ code: "code", changed: changedCode(history.code(from), codeFacts), from, to: facts.code }];
}

function configurationReasons(
  readings: readonly Reading[],
  { read, declared }: PresentState,
): readonly Reason[] {
  const now = new Map(declared?.map(([path, kind, seen]) => [`${kind} ${path}`, seen]));
  return readings.flatMap(([path, kind, from]): readonly Reason[] => {
    const to = declared === undefined ? read(path, kind) : (now.get(`${kind} ${path}`) ?? absent);
    const shown = kind === "value" ? path : `${path} (${kind === "has" ? "is there" : "keys"})`;
    return to === from ? [] : [{ code: "configuration", path: shown, from, to }];
  });
}

function named(
  was: readonly Named[] | undefined,
  is: readonly Named[],
): readonly { readonly name: string; readonly from: string; readonly to: string }[] {
  return differences(was ?? [], is).map(({ name, was: from, is: to }) => ({
    name,
    from: from ?? absent,
    to: to ?? absent,
  }));
}

function seedReasons(from: string | undefined, to: string | undefined): readonly Reason[] {
  return from === to ? [] : [{ code: "seed", from: from ?? absent, to: to ?? absent }];
}

function requirementReasons(was: readonly Named[], is: readonly Named[]): readonly Reason[] {
  const before = new Map(was);
  return is.flatMap(([product, to]): readonly Reason[] => {
    const from = before.get(product);
    return from === to ? [] : [{ code: "requirement", product, from: from ?? absent, to }];
  });
}
