import type { Dataset, DatasetFile } from "../../src/core/catalog/dataset.ts";
import { patchSnapshot, type Replacement } from "../../src/core/catalog/patch-snapshot.ts";
import type { Snapshot } from "../../src/core/catalog/snapshot.ts";
import { requireSourceType } from "../../src/core/catalog/source-types.ts";
import { datasetAt, indexOfId } from "../../src/core/catalog/table-rows.ts";
import type { FacetFilter } from "../../src/core/diagnostic/constraint.ts";
import type { Provider, Requirement } from "../../src/core/diagnostic/diagnostic.ts";
import type { Remedy } from "../../src/core/solver/explanation.ts";
import type { IgnoreList } from "../../src/core/solver/options.ts";

/** What a solve starts from. */
export interface Situation {
  readonly snapshot: Snapshot;
  readonly providers: readonly Provider[];
  readonly ignore: IgnoreList;
}

type Of<K extends Remedy["kind"]> = Extract<Remedy, { readonly kind: K }>;

/** Ids of datasets that exist only because a remedy names them begin so. */
export const synthetic = "SYNTHETIC.";

/**
 * The situation in which what remedies name is the case, and nothing else: files and datasets with exactly the named facets
 * and times, clauses taken away. Written for the tests, from the documents' meaning of each remedy.
 */
export function applyRemedies(before: Situation, remedies: readonly Remedy[], sourceType: string): Situation {
  const changed = new Map<string, Replacement>();
  const flat = remedies.flatMap(nested);
  for (const remedy of flat)
    for (const now of datasetsChanged(remedy, { before, changed, sourceType }))
      changed.set(now.id, { sourceType: now.sourceType, id: now.id, now });
  for (const remedy of flat)
    if (remedy.kind === "leave-out") for (const id of remedy.datasets) changed.set(id, { sourceType, id });
  const tables = patchSnapshot(before.snapshot, [...changed.values()], requireSourceType);
  const lifted = flat.filter((each) => each.kind === "do-not-ignore").map(({ facets }) => facets);
  const widened = flat.filter((each) => each.kind === "widen-filter").map(({ facet }) => facet);
  return {
    snapshot: { revision: before.snapshot.revision + 1, tables },
    providers: before.providers.map((provider) => withoutClauses(provider, { lifted, widened })),
    ignore: withoutIgnored(before.ignore, lifted),
  };
}

function nested(remedy: Remedy): readonly Remedy[] {
  return remedy.kind === "meet-requirement" ? remedy.remedies.flatMap(nested) : [remedy];
}

function datasetsChanged(
  remedy: Remedy,
  {
    before,
    changed,
    sourceType,
  }: {
    readonly before: Situation;
    readonly changed: ReadonlyMap<string, Replacement>;
    readonly sourceType: string;
  },
): readonly Dataset[] {
  const find = (id: string): Dataset =>
    changed.get(id)?.now ?? requireDataset(before.snapshot, sourceType, id);
  if (remedy.kind === "add-dataset") return [added(remedy, changed.size)];
  if (remedy.kind === "add-files") return [withFile(find(remedy.dataset), remedy, changed.size)];
  if (remedy.kind === "same-calendar") return inCalendar(before.snapshot, remedy, { sourceType, find });
  if (remedy.kind === "set-facet")
    return remedy.datasets.map(find).map((dataset) => ({
      ...dataset,
      facets: { ...dataset.facets, [remedy.facet]: "any" },
    }));
  if (["do-not-ignore", "widen-filter", "leave-out"].includes(remedy.kind)) return [];
  throw new Error(`nothing tells how to do ${JSON.stringify(remedy)}`);
}

// allow-parameters: where, of which type and which
function requireDataset({ tables }: Snapshot, sourceType: string, id: string): Dataset {
  const table = tables.get(sourceType);
  const row = table === undefined ? -1 : indexOfId(table, id);
  if (table === undefined || row < 0) throw new Error(`there is no ${sourceType} dataset ${id}`);
  return datasetAt(table, row);
}

function added({ sourceType, facets, anyValue, covering }: Of<"add-dataset">, count: number): Dataset {
  const id = `${synthetic}${count}`;
  const named = Object.entries(facets).map(([facet, values]) => [facet, values[0] as string] as const);
  const open = anyValue.map((facet) => [facet, "any"] as const);
  const file: DatasetFile = { path: `${id}.nc`, contentId: "none", ...times(covering ?? {}) };
  return { sourceType, id, facets: Object.fromEntries([...open, ...named]), finalised: true, files: [file] };
}

// allow-parameters: which, what, and a number for its name
function withFile(dataset: Dataset, remedy: Of<"add-files">, count: number): Dataset {
  const calendar = dataset.files.find((file) => file.calendar !== undefined)?.calendar;
  const file: DatasetFile = {
    path: `${synthetic}${count}.nc`,
    contentId: "none",
    ...times({ ...remedy, ...(calendar === undefined ? {} : { calendar }) }),
  };
  return { ...dataset, files: [...dataset.files, file] };
}

function inCalendar(
  { tables }: Snapshot,
  { calendar, files }: Of<"same-calendar">,
  { sourceType, find }: { readonly sourceType: string; readonly find: (id: string) => Dataset },
): readonly Dataset[] {
  const table = tables.get(sourceType);
  const wanted = new Set(files);
  return (table?.ids ?? [])
    .filter((_, row) =>
      (table?.paths ?? [])
        .slice(table?.fileOffsets[row], table?.fileOffsets[row + 1])
        .some((path) => wanted.has(path)),
    )
    .map((id) => {
      const dataset = find(id);
      return {
        ...dataset,
        files: dataset.files.map((file) => (wanted.has(file.path) ? { ...file, calendar } : file)),
      };
    });
}

function times({
  from,
  to,
  calendar,
}: {
  readonly from?: string;
  readonly to?: string;
  readonly calendar?: string;
}): Partial<DatasetFile> {
  const start = from ?? to;
  const end = to ?? from;
  if (start === undefined || end === undefined) return {};
  return {
    start: `${start}${"0000-01-01 00:00:00".slice(start.length)}`,
    end: `${end}${"0000-12-28 00:00:00".slice(end.length)}`,
    ...(calendar === undefined ? {} : { calendar }),
  };
}

function withoutClauses(
  provider: Provider,
  { lifted, widened }: { readonly lifted: readonly FacetFilter[]; readonly widened: readonly string[] },
): Provider {
  const mend = (requirement: Requirement): Requirement => ({
    ...requirement,
    filters: requirement.filters.map((filter) =>
      Object.fromEntries(Object.entries(filter).filter(([facet]) => !widened.includes(facet))),
    ),
    constraints: requirement.constraints.filter(
      (each) => each.kind !== "ignoreFacets" || !lifted.some((facets) => isSame(facets, each.facets)),
    ),
  });
  const diagnostics = provider.diagnostics.map((diagnostic) => ({
    ...diagnostic,
    requirementSets: diagnostic.requirementSets.map((set) => set.map(mend)),
  }));
  return { ...provider, diagnostics };
}

function withoutIgnored(ignore: IgnoreList, lifted: readonly FacetFilter[]): IgnoreList {
  type Maps = IgnoreList[string][string][string];
  const kept = (maps: Maps): Maps =>
    maps.filter((map) => {
      const facets = Object.entries(map).map(([facet, values]) => [facet, [values].flat()]);
      return !lifted.some((each) => isSame(each, Object.fromEntries(facets) as FacetFilter));
    });
  const mapped = <T, U>(record: Readonly<Record<string, T>>, change: (each: T) => U): Record<string, U> =>
    Object.fromEntries(Object.entries(record).map(([name, each]) => [name, change(each)]));
  return mapped(ignore, (ofProvider) => mapped(ofProvider, (ofDiagnostic) => mapped(ofDiagnostic, kept)));
}

function isSame(a: FacetFilter, b: FacetFilter): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
