import { relative, sep } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import type { InputDataset } from "../../core/execution/definition.ts";
import { parseRid, type Rid } from "../../core/identity/rid.ts";
import type { NewInput } from "../../ports/run-catalog.ts";
import type { ResolvePorts } from "./run-ports.ts";
import type { RunRequest } from "./run-request.ts";

/** The inputs of a run, found and pinned. */
export interface ResolvedInputs {
  readonly assets: readonly NewInput[];
  readonly datasets: readonly InputDataset[];
}

type Found<T> = { readonly found: T } | { readonly problem: string };

/**
 * Finds everything that a run names as input, before anything is written.
 * @throws RUN_INVALID with all problems at once
 */
export async function resolveInputs(
  request: Pick<RunRequest, "files" | "assets" | "datasets">,
  ports: ResolvePorts,
): Promise<ResolvedInputs> {
  const twice = repeated([...request.files, ...request.assets, ...request.datasets]);
  const files = await Promise.all(request.files.map((file) => fileInput(file, ports)));
  const assets = await Promise.all(request.assets.map((text) => assetInput(text, ports)));
  const datasets = await Promise.all(request.datasets.map((name) => datasetInput(name, ports)));
  const problems = [
    ...twice.map((name) => `${name} is named twice`),
    ...[...files, ...assets, ...datasets].flatMap((one) => ("problem" in one ? [one.problem] : [])),
  ];
  if (problems.length > 0) throw invalid(problems);
  return {
    assets: [...files, ...assets].flatMap((one) => ("found" in one ? [one.found] : [])),
    datasets: datasets.flatMap((one) => ("found" in one ? [one.found] : [])),
  };
}

function invalid(problems: readonly string[]): AlmanacError {
  const [first] = problems;
  const message =
    problems.length === 1
      ? `the run cannot be recorded: ${first}`
      : ["the run cannot be recorded:", ...problems].join("\n  ");
  return new AlmanacError("RUN_INVALID", message, {
    hint: "almanac assets list and almanac datasets list show what there is",
    facts: { problems },
  });
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

async function fileInput(file: string, { files, projectFolder }: ResolvePorts): Promise<Found<NewInput>> {
  const facts = await files.describe(file);
  if (facts === undefined) return { problem: `there is no file ${file}` };
  const url = relative(projectFolder, file).split(sep).join("/");
  return { found: { kind: "file", fileName: lastPart(url), url, ...facts } };
}

async function assetInput(text: string, { assets }: ResolvePorts): Promise<Found<NewInput>> {
  const rid = parseRid(text);
  if (rid === undefined) return { problem: `"${text}" is not a RID; a local file is an input by --input` };
  const asset = await assets.asset(rid);
  if (asset === undefined) return { problem: `there is no asset ${rid}` };
  const { kind, fileName, sizeBytes, sha256, url } = asset;
  return { found: { rid: asset.rid satisfies Rid, kind, fileName, sizeBytes, sha256, url } };
}

async function datasetInput(name: string, { datasets }: ResolvePorts): Promise<Found<InputDataset>> {
  const { items } = await datasets.list({ names: [name] });
  const [dataset] = items;
  if (dataset === undefined) return { problem: `there is no dataset ${name}` };
  if (items.length > 1) return { problem: `${items.length} datasets have the id ${name}: name one by RID` };
  if (dataset.retracted) return { problem: `the dataset ${dataset.id} is retracted` };
  if (dataset.invalid !== undefined)
    return { problem: `the dataset ${dataset.id} cannot be used: ${dataset.invalid}` };
  const { sourceType, id, facets, files } = dataset;
  return {
    found: { requirement: sourceType, sourceType, id, version: facets["version"] ?? "", facets, files },
  };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
