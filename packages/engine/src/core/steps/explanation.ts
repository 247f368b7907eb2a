import type { Reason } from "./reason.ts";

/** Why a product is as it is, or will be made again; told down to the root causes. */
export interface StepExplanation {
  readonly product: string;
  readonly step: string;
  readonly decision: "hit" | "run" | "if-changed" | "missing" | "saved";
  readonly reasons: readonly Reason[];
  /** For a hit: when it was made, how long that took, and why it was made then. */
  readonly made?: {
    readonly at: string;
    readonly durationMs: number;
    readonly key: string;
    readonly reasons: readonly Reason[];
  };
  /** Explanations of the requirements that its reasons name. */
  readonly because: readonly StepExplanation[];
  /** What differs from the recorded run that is most like the present; it would be a hit if these were undone. */
  readonly nearest?: { readonly at: string; readonly key: string; readonly differences: readonly Reason[] };
}

type ReasonOf<K extends Reason["code"]> = Extract<Reason, { readonly code: K }>;

const texts: { readonly [K in Reason["code"]]: (reason: ReasonOf<K>) => string } = {
  "first-time": () => "first time: nothing is on record",
  forced: () => "forced",
  invalidated: ({ at }) => `invalidated at ${at}`,
  "failed-last-time": ({ at, message }) => `failed last time (${at}): ${message}`,
  code: ({ changed, from, to }) =>
    `code changed: ${changed.length === 0 ? `${short(from)} → ${short(to)}` : changed.join(", ")}`,
  configuration: ({ path, from, to }) =>
    `configuration ${path === "" ? "as a whole" : path}: ${from} → ${to}`,
  requirement: ({ product, from, to }) => `requirement ${product} changed: ${short(from)} → ${short(to)}`,
  "requirement-runs": ({ product }) => `requirement ${product} runs`,
  file: ({ path, from, to }) =>
    to === "absent" ? `file ${path} is gone` : `file ${path} changed: ${short(from)} → ${short(to)}`,
  environment: ({ name, from, to }) => `environment ${name}: ${from} → ${to}`,
  capture: ({ name, from, to }) => `captured ${name}: ${from} → ${to}`,
  seed: ({ from, to }) => `seed: ${from} → ${to}`,
  declaration: () => "its declaration changed",
  "output-missing": ({ product }) => `the stored bytes of ${product} are missing`,
  "output-altered": ({ product, message }) => `${product} cannot be loaded: ${message}`,
  live: ({ product }) => `${product} lives in memory only, and is needed`,
  "always-stale": ({ unfollowed }) => `runs each time: ${unfollowed.join(", ")}`,
  "no-product": () => "it has no product: it runs when asked for",
};

/** A reason as a line for people. */
export function reasonText(reason: Reason): string {
  return (texts[reason.code] as (reason: Reason) => string)(reason);
}

function short(digest: string): string {
  return /^[0-9a-f]{64}$/.test(digest) ? digest.slice(0, 12) : digest;
}

/** How a difference would be undone, for people. */
function undoText(reason: Reason): string {
  switch (reason.code) {
    case "configuration":
      return `\`${reason.path}\` were ${reason.from} again`;
    case "environment":
    case "capture":
      return `\`${reason.name}\` were ${reason.from} again`;
    case "file":
      return `file ${reason.path} had its earlier content`;
    case "requirement":
      return `${reason.product} came out as before`;
    case "code":
      return "the code were as before";
    case "seed":
      return `the seed were ${reason.from} again`;
    default:
      return reasonText(reason);
  }
}

/** An explanation as indented text. */
export function explanationText(explanation: StepExplanation): string {
  const lines: string[] = [];
  const open: { readonly each: StepExplanation; readonly depth: number }[] = [
    { each: explanation, depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { each, depth } = next;
    lines.push(...linesOf(each).map((line) => `${"  ".repeat(depth)}${line}`));
    for (const cause of each.because.toReversed()) open.push({ each: cause, depth: depth + 1 });
  }
  return lines.join("\n");
}

const verdicts = {
  hit: "is up to date",
  run: "will be made",
  "if-changed": "will be made only if a requirement comes out different",
  missing: "is saved from outside, and has not been",
  saved: "was saved from outside",
} as const;

function linesOf({ product, step, decision, reasons, made, nearest }: StepExplanation): readonly string[] {
  return [
    `${product} (${step}) ${verdicts[decision]}`,
    ...reasons.map((reason) => `  - ${reasonText(reason)}`),
    ...(made === undefined
      ? []
      : [
          `  made ${made.at} in ${made.durationMs} ms, key ${short(made.key)}`,
          ...made.reasons.map((reason) => `  because ${reasonText(reason)}`),
        ]),
    ...(nearest === undefined || nearest.differences.length === 0
      ? []
      : [
          `  would hit if ${nearest.differences.map(undoText).join(" and ")} (key ${short(nearest.key)}, made ${nearest.at})`,
        ]),
  ];
}
