import { compareCodeUnits } from "../identity/compare.ts";
import type { Decision } from "./plan.ts";

/** A decision as far as plans are compared. */
export interface PlannedDecision
  extends Pick<
    Decision,
    "provider" | "diagnostic" | "version" | "key" | "selectorDigest" | "decision" | "reasons" | "fingerprint"
  > {
  /** Dataset ids, sorted. */
  readonly datasets: readonly string[];
}

/** One group about which two plans do not say the same. */
export interface PlanChange extends Pick<Decision, "provider" | "diagnostic" | "version" | "key"> {
  readonly change: "appeared" | "gone" | "changed";
  readonly before?: Pick<Decision, "decision" | "reasons">;
  readonly after?: Pick<Decision, "decision" | "reasons">;
  /** Dataset ids that only the later plan has. */
  readonly added: readonly string[];
  /** Dataset ids that only the earlier plan has. */
  readonly removed: readonly string[];
  /** True: the same datasets, but files of theirs or the diagnostic's parameters differ. */
  readonly replaced: boolean;
}

/** The decision of a plan for comparing. */
export function plannedDecision(decided: Decision): PlannedDecision {
  const { provider, diagnostic, version, key, selectorDigest, decision, reasons, fingerprint } = decided;
  const datasets = [...new Set(Object.values(decided.datasets).flat())].sort(compareCodeUnits);
  return { provider, diagnostic, version, key, selectorDigest, decision, reasons, fingerprint, datasets };
}

/**
 * What an earlier and a later plan say differently: groups that appeared or are gone, another decision, another reason,
 * other inputs. In the order of the later plan; what is gone comes last.
 */
export function planDifference(
  before: readonly PlannedDecision[],
  after: readonly PlannedDecision[],
): readonly PlanChange[] {
  const earlier = new Map(before.map((each) => [identityOf(each), each]));
  const later = new Set(after.map(identityOf));
  return [
    ...after.flatMap((each) => changeOf(earlier.get(identityOf(each)), each)),
    ...before.filter((each) => !later.has(identityOf(each))).flatMap((each) => changeOf(each, undefined)),
  ];
}

function identityOf({ provider, diagnostic, version, selectorDigest }: PlannedDecision): string {
  return `${provider}/${diagnostic}/v${version}/${selectorDigest}`;
}

function changeOf(
  before: PlannedDecision | undefined,
  after: PlannedDecision | undefined,
): readonly PlanChange[] {
  const either = after ?? before;
  if (either === undefined || isSame(before, after)) return [];
  const { provider, diagnostic, version, key } = either;
  const [had, has] = [before?.datasets ?? [], after?.datasets ?? []];
  const added = missingFrom(had, has);
  const removed = missingFrom(has, had);
  const inputsDiffer =
    before !== undefined && after !== undefined && before.fingerprint !== after.fingerprint;
  return [
    {
      change: before === undefined ? "appeared" : after === undefined ? "gone" : "changed",
      ...{ provider, diagnostic, version, key },
      ...(before === undefined ? {} : { before: saidOf(before) }),
      ...(after === undefined ? {} : { after: saidOf(after) }),
      ...{ added, removed, replaced: inputsDiffer && added.length + removed.length === 0 },
    },
  ];
}

function isSame(before: PlannedDecision | undefined, after: PlannedDecision | undefined): boolean {
  return (
    before?.decision === after?.decision &&
    before?.fingerprint === after?.fingerprint &&
    JSON.stringify(before?.reasons) === JSON.stringify(after?.reasons)
  );
}

function saidOf({ decision, reasons }: PlannedDecision): Pick<Decision, "decision" | "reasons"> {
  return { decision, reasons };
}

/** Those of a list that another one lacks. */
function missingFrom(list: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(list);
  return others.filter((each) => !known.has(each));
}
