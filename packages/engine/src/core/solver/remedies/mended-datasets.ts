import type { Dataset, DatasetFile } from "../../catalog/dataset.ts";
import type { Covering, Remedy } from "../explanation.ts";
import { anyFacetValue } from "./naming.ts";

type AddDataset = Extract<Remedy, { readonly kind: "add-dataset" }>;

/** Id of the dataset that a remedy would add. */
export function addedId({ facets, anyValue }: Pick<AddDataset, "facets" | "anyValue">): string {
  return `(added) ${JSON.stringify([facets, anyValue])}`;
}

/** Datasets as they would be with some remedies; clauses and filters are not theirs to change. */
// allow-parameters: what is changed, how, and of which type
export function mendedDatasets(
  datasets: readonly Dataset[],
  remedies: readonly Remedy[],
  sourceType: string,
): readonly Dataset[] {
  const byId = new Map(datasets.map((dataset) => [dataset.id, dataset]));
  const change = (id: string, changed: (dataset: Dataset) => Dataset): void => {
    const dataset = byId.get(id);
    if (dataset !== undefined) byId.set(id, changed(dataset));
  };
  for (const [at, remedy] of remedies.entries()) {
    if (remedy.kind === "add-dataset") byId.set(addedId(remedy), addedDataset(sourceType, remedy));
    if (remedy.kind === "add-files")
      change(remedy.dataset, (dataset) => withFile(dataset, remedy, `${dataset.id} (added ${at})`));
    if (remedy.kind === "set-facet")
      for (const id of remedy.datasets)
        change(id, (dataset) => ({
          ...dataset,
          facets: { ...dataset.facets, [remedy.facet]: anyFacetValue },
        }));
    if (remedy.kind === "leave-out") for (const id of remedy.datasets) byId.delete(id);
    if (remedy.kind === "same-calendar")
      for (const { id, files } of datasets)
        if (files.some(({ path }) => remedy.files.includes(path)))
          change(id, (dataset) => withCalendar(dataset, remedy));
  }
  return [...byId.values()];
}

function addedDataset(sourceType: string, remedy: AddDataset): Dataset {
  const { facets, anyValue, covering } = remedy;
  const id = addedId(remedy);
  const named = Object.entries(facets).map(([facet, values]) => [facet, values[0] ?? anyFacetValue]);
  const open = anyValue.map((facet) => [facet, anyFacetValue]);
  const file: DatasetFile = { path: id, contentId: "none", ...timesOf(covering) };
  return { sourceType, id, facets: Object.fromEntries([...open, ...named]), finalised: true, files: [file] };
}

function withFile(
  dataset: Dataset,
  { from, to }: Extract<Remedy, { readonly kind: "add-files" }>,
  path: string,
): Dataset {
  const calendar = dataset.files.find((file) => file.calendar !== undefined)?.calendar;
  const covering = { ...(from && { from }), ...(to && { to }), ...(calendar && { calendar }) };
  return { ...dataset, files: [...dataset.files, { path, contentId: "none", ...timesOf(covering) }] };
}

function withCalendar(
  dataset: Dataset,
  { calendar, files }: Extract<Remedy, { readonly kind: "same-calendar" }>,
): Dataset {
  const mended = dataset.files.map((file) => (files.includes(file.path) ? { ...file, calendar } : file));
  return { ...dataset, files: mended };
}

/** Times of a file that covers a range; a range without one end is a moment. */
function timesOf(covering: Covering | undefined): Partial<DatasetFile> {
  const { from = covering?.to, to = covering?.from, calendar } = covering ?? {};
  if (from === undefined || to === undefined) return {};
  return { start: wholeTime(from, "01"), end: wholeTime(to, "28"), ...(calendar && { calendar }) };
}

/** Leading fields of a date-time filled up: a month from its first day on, or to a day that every calendar has. */
function wholeTime(text: string, day: string): string {
  const rest = `0000-${day === "01" ? "01" : "12"}-${day} 00:00:00`;
  return text + rest.slice(text.length);
}
