import { AlmanacError } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type { FrozenMember } from "../../core/records/authored-dataset.ts";
import { type DatasetSpec, datasetSpecText } from "../../core/records/dataset-version.ts";
import { type Split, splitMembers } from "../../core/records/split.ts";
import type { PartRequest, SplitItem } from "../../core/records/split-request.ts";
import type { DatasetAuthoring, NewMember } from "../../ports/dataset-authoring.ts";
import { type LabelPorts, memberLabels } from "./member-labels.ts";
import { type ReleasedMembers, releasedMembers } from "./released-members.ts";

/** How the members of a released version are to be divided. */
export interface DivideRequest {
  /** A released version. */
  readonly dataset: DatasetSpec;
  readonly parts: readonly PartRequest[];
  /** Whole number from 0. */
  readonly seed: number;
  /** Members with one value of this column stay together; see `memberLabels`. */
  readonly disjointBy?: string;
  /** Parts have the values of this column in proportion; see `memberLabels`. */
  readonly stratifyBy?: string;
}

/** What dividing reads. */
export interface DividePorts extends LabelPorts {
  readonly authored: Pick<DatasetAuthoring, "dataset" | "versions" | "members">;
}

/** A released version, divided; nothing has been made of it yet. */
export interface Divided {
  readonly source: ReleasedMembers;
  /** `RID@version` of what was divided. */
  readonly of: string;
  readonly split: Split;
}

/**
 * Divides the members of a released version. A child dataset goes to one part as a whole.
 * @throws UNKNOWN_NAME when the dataset, its version or a column is not there
 * @throws SPLIT_REFUSED naming everything that makes it impossible
 */
export async function divideMembers(request: DivideRequest, ports: DividePorts): Promise<Divided> {
  const source = await releasedMembers(request.dataset, ports.authored);
  const of = datasetSpecText({ rid: source.dataset.rid, version: source.version.version });
  const items = await itemsOf(source.members, { request, ports });
  const split = splitMembers(items, request);
  if (split.ok) return { source, of, split: split.value };
  throw new AlmanacError("SPLIT_REFUSED", `${of} cannot be divided so: ${split.error.join("; ")}`, {
    hint: `almanac datasets members ${of}`,
    facts: { dataset: of, problems: split.error },
  });
}

async function itemsOf(
  members: readonly FrozenMember[],
  { request, ports }: { readonly request: DivideRequest; readonly ports: LabelPorts },
): Promise<readonly SplitItem[]> {
  const labels = async (column: string | undefined) =>
    column === undefined ? undefined : memberLabels({ members, column }, ports);
  const [keys, strata] = [await labels(request.disjointBy), await labels(request.stratifyBy)];
  return members.map(({ rid }) => {
    const [key, stratum] = [keys?.get(rid), strata?.get(rid)];
    return { rid, ...(key === undefined ? {} : { key }), ...(stratum === undefined ? {} : { stratum }) };
  });
}

/** Members of a part as the divided version has them: same place, and of a dataset the same version. */
export function carriedMembers({ split, source }: Divided, part: number): readonly NewMember[] {
  const byRid = new Map(source.members.map((member) => [member.rid, member]));
  return (split.parts[part]?.members ?? []).map((rid) => {
    const { path, version } = byRid.get(rid) ?? {};
    return { rid, ...(path === undefined ? {} : { path }), ...(version === undefined ? {} : { version }) };
  });
}

/** How something was divided, for the record. */
export function howDivided(
  { of, source, split }: Divided,
  { seed, parts, disjointBy, stratifyBy }: DivideRequest,
): Readonly<Record<string, Json>> {
  return {
    of,
    digest: source.version.digest,
    seed,
    parts: parts.map((part) => ({ ...part })),
    ...(disjointBy === undefined ? {} : { disjointBy }),
    ...(stratifyBy === undefined ? {} : { stratifyBy }),
    leftOut: split.leftOut.length,
  };
}
