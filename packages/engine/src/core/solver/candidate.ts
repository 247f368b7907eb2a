import type { Diagnostic, Provider, RequirementSet } from "../diagnostic/diagnostic.ts";
import type { Selector } from "../execution/definition.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import { digestOf, sha1Hex } from "../identity/digest.ts";
import type { RequirementAnswer } from "./answer.ts";
import { type Combination, labelOf } from "./combine.ts";
import type { RememberedPlace } from "./memory/recalled-candidates.ts";
import { filesOfWhole, type WholeDataset, wholeDatasets } from "./partly-timed.ts";
import type { SelectedGroup } from "./select.ts";
import { memoised, type TableIndex, union } from "./table-index.ts";

/** What one requirement contributes to a candidate. */
export interface CandidatePart {
  readonly label: string;
  readonly sourceType: string;
  readonly index: TableIndex;
  readonly optional: boolean;
  readonly selector: Selector;
  /** Dataset indexes, ascending. */
  readonly datasets: Int32Array;
}

/** A combination of groups with its identity and digests. */
export interface Candidate {
  readonly provider: Provider;
  readonly diagnostic: Diagnostic;
  readonly set: number;
  readonly parts: readonly CandidatePart[];
  readonly key: string;
  readonly selectorDigest: string;
  readonly fingerprint: string;
  readonly compatHash: string;
  readonly parametersDigest: string;
  /** The groups it is made of. */
  readonly combination: Combination;
  /** Where an earlier solve has left it, if nothing that it is made of has changed. */
  readonly remembered?: RememberedPlace;
}

/** Digest of what a diagnostic is parametrised with. */
export function parametersDigest(diagnostic: Diagnostic): string {
  return digestOf(diagnostic.parameters);
}

/** The parts of a combination, in requirement order; an optional requirement without groups has none. */
export function partsOf(
  set: RequirementSet,
  combination: Combination,
  { answers }: { readonly answers: readonly RequirementAnswer[] },
): readonly CandidatePart[] {
  return set.flatMap((requirement, at) => {
    const groups = combination[at] ?? [];
    const answer = answers[at];
    if (groups.length === 0 || answer?.index === undefined) return [];
    return [
      {
        label: labelOf(requirement),
        sourceType: answer.sourceType,
        index: answer.index,
        optional: requirement.optional === true,
        selector: requirement.optional === true ? [] : (groups[0] as SelectedGroup).selector,
        datasets: groups.length === 1 ? (groups[0] as SelectedGroup).datasets : merged(groups),
      },
    ];
  });
}

function merged(groups: readonly SelectedGroup[]): Int32Array {
  return union(groups.map(({ datasets }) => datasets));
}

/**
 * How each requirement is called in keys: its source type; from the second required one of a type on, the type with the
 * requirement's name; optional ones never appear.
 */
export function keyPrefixes(
  parts: readonly Pick<CandidatePart, "label" | "sourceType" | "optional">[],
): readonly (string | undefined)[] {
  const firstOf = (sourceType: string): number =>
    parts.findIndex((other) => !other.optional && other.sourceType === sourceType);
  return parts.map(({ sourceType, label, optional }, at) => {
    if (optional) return undefined;
    return firstOf(sourceType) === at ? sourceType : `${sourceType}.${label}`;
  });
}

/** The required parts with their names in keys, source types in alphabetical order. */
function keyParts(
  parts: readonly CandidatePart[],
): readonly { readonly prefix: string; readonly selector: Selector }[] {
  const prefixes = keyPrefixes(parts);
  const named = parts.flatMap(({ sourceType, selector }, at) => {
    const prefix = prefixes[at];
    return prefix === undefined ? [] : [{ sourceType, prefix, selector }];
  });
  return named.toSorted((a, b) => compareCodeUnits(a.sourceType, b.sourceType));
}

/**
 * The readable name of a group: source types in alphabetical order, each `<type>_` and its selector's values in
 * facet-name order joined with `_`; joined with `__`. Two groups may share one; the selector digest tells them apart.
 */
export function keyOfParts(parts: readonly CandidatePart[]): string {
  return keyParts(parts)
    .map(({ prefix, selector }) => keyPart(prefix, selector))
    .join("__");
}

/** One requirement's part of a key. */
export function keyPart(prefix: string, selector: Selector): string {
  return `${prefix}_${selector.map(([, value]) => value).join("_")}`;
}

/** Digest of the selectors of all required requirements: with provider, diagnostic and version a group's identity. */
export function selectorDigestOf(parts: readonly CandidatePart[]): string {
  return digestOf(keyParts(parts).map(({ prefix, selector }) => [prefix, selector]));
}

/**
 * Digest over everything that decides the output: per requirement the ids, versions and content ids of its datasets,
 * and the parameters. Paths are not in it.
 */
export function fingerprintOf(parts: readonly CandidatePart[], parameters: string): string {
  const inputs = parts.map(({ label, sourceType, index, datasets }) => [
    label,
    sourceType,
    groupDigest(index, datasets),
  ]);
  return digestOf([inputs.toSorted((a, b) => compareCodeUnits(a[0] as string, b[0] as string)), parameters]);
}

/**
 * The reference's dataset hash: per source type SHA-1 of the sorted dataset ids, one per file row, joined by newlines;
 * then SHA-1 of the sorted `type:hash` lines joined by newlines.
 */
export function compatHashOf(parts: readonly CandidatePart[]): string {
  const byType = Map.groupBy(parts, ({ sourceType }) => sourceType);
  const lines = [...byType].map(([sourceType, ofType]) => {
    const [first, ...others] = ofType as [CandidatePart, ...CandidatePart[]];
    const hash =
      others.length === 0
        ? groupRowHash(first.index, first.datasets)
        : rowHash(
            first.index,
            ofType.flatMap(({ datasets }) => [...datasets]).sort((a, b) => a - b),
          );
    return `${sourceType}:${hash}`;
  });
  return sha1Hex(lines.sort(compareCodeUnits).join("\n"));
}

/** Ids of a part's datasets, ascending and unique; made once per group. */
export function idsOfPart({ index, datasets }: CandidatePart): readonly string[] {
  return ofGroup(index, "ids", datasets, () => wholeDatasets(index.table, datasets).map(({ id }) => id));
}

/** Content ids of the files of a dataset in a group, in path order. */
export function contentIdsOf({ table }: TableIndex, whole: WholeDataset): readonly string[] {
  return filesOfWhole(table, whole).map((file) => table.contentIds[file] as string);
}

function groupRowHash(index: TableIndex, datasets: Int32Array): string {
  return ofGroup(index, "row hash", datasets, () => rowHash(index, datasets));
}

function rowHash(index: TableIndex, datasets: ArrayLike<number>): string {
  const { ids, fileOffsets } = index.table;
  const rows: string[] = [];
  for (let at = 0; at < datasets.length; at++) {
    const dataset = datasets[at] as number;
    const files = (fileOffsets[dataset + 1] as number) - (fileOffsets[dataset] as number);
    for (let file = 0; file < files; file++) rows.push(ids[dataset] as string);
  }
  return sha1Hex(rows.join("\n"));
}

function groupDigest(index: TableIndex, datasets: Int32Array): string {
  return ofGroup(index, "digest", datasets, () =>
    digestOf(wholeDatasets(index.table, datasets).map((whole) => datasetDigest(index, whole))),
  );
}

/** Made once per dataset; of a partly timed one each time, as either half or both may be in a group. */
function datasetDigest(index: TableIndex, whole: WholeDataset): string {
  const [dataset] = whole.rows as readonly [number, ...number[]];
  const version = index.table.facets.get("version");
  const make = (): string =>
    digestOf([
      whole.id,
      version?.values[version.codes[dataset] as number] ?? null,
      contentIdsOf(index, whole),
    ]);
  if (whole.rows.length > 1) return make();
  const known = memoised(
    index,
    "dataset digests",
    () => new Array<string | undefined>(index.table.ids.length),
  );
  known[dataset] ??= make();
  return known[dataset];
}

/** Derives something of a group once; groups are shared by the candidates of a product and by equal requirements. */
function ofGroup<T extends object | string>(
  index: TableIndex,
  what: string,
  datasets: Int32Array,
  make: () => T,
): T {
  const known = memoised(index, `groups ${what}`, () => new WeakMap<Int32Array, T>());
  const found = known.get(datasets);
  if (found !== undefined) return found;
  const made = make();
  known.set(datasets, made);
  return made;
}
