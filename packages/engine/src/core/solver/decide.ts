import { Defect } from "../errors.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import type { PastExecution, PastGroup } from "./history.ts";
import type { Reason, RunCode, SkipCode } from "./plan.ts";

/** System failures with one fingerprint after which a group is no longer tried again by itself. */
export const systemFailureLimit = 3;

/** What a candidate is now, for comparison with its past. */
export interface Present {
  readonly fingerprint: string;
  readonly compatHash: string;
  readonly parametersDigest: string;
  /** Dataset id → content ids of its files; asked for only when the fingerprint differs. */
  readonly contents: () => ReadonlyMap<string, readonly string[]>;
  readonly rerunFailed: boolean;
}

/** A decision with its reason. */
export interface Ruling {
  readonly decision: "run" | "skip";
  readonly reason: Reason;
}

/** What a rule looks at; `latest` is the last of the group's executions. */
interface Situation {
  readonly group: PastGroup;
  readonly latest: PastExecution;
  readonly now: Present;
}

/** One line of the table of decisions: undefined when its condition does not hold. */
type Rule = (situation: Situation) => Ruling | undefined;

function run(code: RunCode, message: string, facts: Partial<Reason> = {}): Ruling {
  return { decision: "run", reason: { ...facts, code, message } };
}

function skip(code: SkipCode, message: string, facts: Partial<Reason> = {}): Ruling {
  return { decision: "skip", reason: { ...facts, code, message } };
}

/** Imported executions have no fingerprint and are compared by the reference's hash. */
function sameInputs(execution: PastExecution, now: Present): boolean {
  return execution.fingerprint === ""
    ? execution.compatHash === now.compatHash
    : execution.fingerprint === now.fingerprint;
}

/**
 * An older published execution already has these inputs: it becomes the current one. It does not help a group that
 * somebody flagged after its latest execution had ended well or failed for good.
 */
const ruleRestored: Rule = ({ group, latest, now }) => {
  const settled = latest.state === "published" || isDiagnosticFailure(latest);
  if (sameInputs(latest, now) || (group.dirty && settled)) return undefined;
  const older = group.executions.findLast((each) => each.state === "published" && sameInputs(each, now));
  if (older === undefined) return undefined;
  return group.current === older.rid && !group.dirty
    ? skip("up-to-date", `published by execution ${older.rid}, which is current`, { execution: older.rid })
    : skip("restored", `execution ${older.rid} already has these inputs`, { execution: older.rid });
};

const ruleChanged: Rule = ({ latest, now }) => {
  if (sameInputs(latest, now)) return undefined;
  const changes = compareContents(latest.datasets, now.contents());
  const counts = Object.entries(changes).filter(([, ids]) => ids.length > 0);
  const facts = { execution: latest.rid };
  if (counts.length > 0) {
    const summary = counts.map(([change, ids]) => `${ids.length} ${change}`).join(", ");
    const plural = counts.length === 1 && counts[0]?.[1].length === 1 ? "dataset" : "datasets";
    return run("datasets-changed", `${plural} ${summary} since execution ${latest.rid}`, {
      ...Object.fromEntries(counts),
      ...facts,
    });
  }
  if (latest.parametersDigest !== now.parametersDigest)
    return run(
      "parameters-changed",
      `the diagnostic's parameters changed since execution ${latest.rid}`,
      facts,
    );
  return run("datasets-changed", `the roles of the datasets changed since execution ${latest.rid}`, facts);
};

const ruleUnsubmitted: Rule = ({ latest }) =>
  latest.state === "created" && (latest.held || !latest.alive)
    ? skip("unsubmitted", `execution ${latest.rid} is recorded and waits for its submission`, {
        execution: latest.rid,
      })
    : undefined;

const liveStates: readonly string[] = [
  "created",
  "initializing",
  "pending",
  "running",
  "completed",
  "publishing",
];

const ruleInProgress: Rule = ({ latest }) =>
  liveStates.includes(latest.state) && latest.alive
    ? skip("in-progress", `execution ${latest.rid} is ${latest.state}`, { execution: latest.rid })
    : undefined;

const ruleUnpublished: Rule = ({ latest }) =>
  latest.state === "completed" || latest.state === "publishing"
    ? skip("unpublished", `execution ${latest.rid} is computed and only has to be published`, {
        execution: latest.rid,
      })
    : undefined;

const ruleLost: Rule = ({ latest }) =>
  liveStates.includes(latest.state)
    ? run("dirty", `execution ${latest.rid} was lost while ${latest.state}`, { execution: latest.rid })
    : undefined;

const ruleAborted: Rule = ({ latest }) => {
  if (latest.state !== "aborted") return undefined;
  const facts = { execution: latest.rid };
  return latest.abortReason === "cancelled"
    ? skip("cancelled", `execution ${latest.rid} was cancelled; retry it to run it again`, facts)
    : run("interrupted", `execution ${latest.rid} was ${latest.abortReason ?? "interrupted"}`, facts);
};

const ruleSystemFailure: Rule = ({ group, latest, now }) => {
  if (latest.state !== "failed" || latest.failureClass !== "system") return undefined;
  const facts = { execution: latest.rid };
  const count = `${group.systemFailures} of ${systemFailureLimit}`;
  if (group.systemFailures < systemFailureLimit)
    return run("dirty", `retry after a system failure (${count}): ${signature(latest)}`, facts);
  return now.rerunFailed
    ? run("rerun-failed", `asked to run failed executions again: ${signature(latest)}`, facts)
    : skip("retries-exhausted", `system failure ${count}: ${signature(latest)}`, facts);
};

const ruleDirty: Rule = ({ group, latest }) =>
  group.dirty
    ? run("dirty", group.dirtyReason ?? "flagged to run again", { execution: latest.rid })
    : undefined;

const ruleFailed: Rule = ({ latest, now }) => {
  if (!isDiagnosticFailure(latest)) return undefined;
  const facts = { execution: latest.rid };
  return now.rerunFailed
    ? run("rerun-failed", `asked to run failed executions again: ${signature(latest)}`, facts)
    : skip("failed", `execution ${latest.rid} failed: ${signature(latest)}`, facts);
};

const ruleUpToDate: Rule = ({ latest }) =>
  latest.state === "published"
    ? skip("up-to-date", `published by execution ${latest.rid}`, { execution: latest.rid })
    : undefined;

/**
 * The table of decisions, first match wins. What the latest execution's end tells comes before the dirty flag, which
 * recording it has set, except where the execution has settled the flag.
 */
const rules = [
  ruleRestored,
  ruleChanged,
  ruleUnsubmitted,
  ruleInProgress,
  ruleUnpublished,
  ruleLost,
  ruleAborted,
  ruleSystemFailure,
  ruleDirty,
  ruleFailed,
  ruleUpToDate,
] as const satisfies readonly Rule[];

/**
 * Decides about one candidate from its group's past.
 * @param group undefined when it was never recorded
 */
export function decide(group: PastGroup | undefined, now: Present): Ruling {
  const latest = group?.executions.at(-1);
  if (group === undefined || latest === undefined) return run("new", "never run before");
  for (const rule of rules) {
    const ruling = rule({ group, latest, now });
    if (ruling !== undefined) return ruling;
  }
  throw new Defect(`no decision for execution ${latest.rid} in state ${latest.state}`);
}

function isDiagnosticFailure(execution: PastExecution): boolean {
  return execution.state === "failed" && execution.failureClass !== "system";
}

function signature(execution: PastExecution): string {
  return execution.failureSignature ?? "no signature recorded";
}

function compareContents(
  before: PastExecution["datasets"],
  now: ReadonlyMap<string, readonly string[]>,
): {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly replaced: readonly string[];
} {
  const same = (id: string): boolean => JSON.stringify(before[id]) === JSON.stringify(now.get(id));
  return {
    added: [...now.keys()].filter((id) => before[id] === undefined).sort(compareCodeUnits),
    removed: Object.keys(before)
      .filter((id) => !now.has(id))
      .sort(compareCodeUnits),
    replaced: [...now.keys()].filter((id) => before[id] !== undefined && !same(id)).sort(compareCodeUnits),
  };
}
