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

/** The decisions of a plan, and what the datasets they name held. */
export interface PlannedPlan {
  readonly decisions: readonly PlannedDecision[];
  /** Dataset id → digest of what identifies its files; plans that older versions saved lack it. */
  readonly contents?: Readonly<Record<string, string>>;
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
  /** Dataset ids that both plans have, with other files. */
  readonly replaced: readonly string[];
  /** True: the inputs differ in what the lists above do not name: parameters, or files where a plan does not tell of them. */
  readonly otherwise: boolean;
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
export function planDifference(before: PlannedPlan, after: PlannedPlan): readonly PlanChange[] {
  const earlier = new Map(before.decisions.map((each) => [identityOf(each), each]));
  const later = new Set(after.decisions.map(identityOf));
  const gone = before.decisions.filter((each) => !later.has(identityOf(each)));
  const isReplaced = (id: string): boolean =>
    before.contents !== undefined &&
    after.contents !== undefined &&
    before.contents[id] !== after.contents[id];
  return [
    ...after.decisions.flatMap((each) =>
      changeOf({ before: earlier.get(identityOf(each)), after: each }, isReplaced),
    ),
    ...gone.flatMap((each) => changeOf({ before: each }, isReplaced)),
  ];
}

function identityOf({ provider, diagnostic, version, selectorDigest }: PlannedDecision): string {
  return `${provider}/${diagnostic}/v${version}/${selectorDigest}`;
}

/** What two plans say of one group. */
interface Pair {
  readonly before?: PlannedDecision | undefined;
  readonly after?: PlannedDecision | undefined;
}

function changeOf({ before, after }: Pair, isReplaced: (id: string) => boolean): readonly PlanChange[] {
  const either = after ?? before;
  if (either === undefined || isSame(before, after)) return [];
  const { provider, diagnostic, version, key } = either;
  return [
    {
      change: before === undefined ? "appeared" : after === undefined ? "gone" : "changed",
      ...{ provider, diagnostic, version, key },
      ...(before === undefined ? {} : { before: saidOf(before) }),
      ...(after === undefined ? {} : { after: saidOf(after) }),
      ...inputsOf({ before, after }, isReplaced),
    },
  ];
}

function inputsOf(
  { before, after }: Pair,
  isReplaced: (id: string) => boolean,
): Pick<PlanChange, "added" | "removed" | "replaced" | "otherwise"> {
  const [had, has] = [before?.datasets ?? [], after?.datasets ?? []];
  const added = missingFrom(had, has);
  const removed = missingFrom(has, had);
  const differ = before !== undefined && after !== undefined && before.fingerprint !== after.fingerprint;
  const kept = new Set(had);
  const replaced = differ ? has.filter((id) => kept.has(id) && isReplaced(id)) : [];
  return {
    added,
    removed,
    replaced,
    otherwise: differ && added.length + removed.length + replaced.length === 0,
  };
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
