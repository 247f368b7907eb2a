import { relative, sep } from "node:path";
import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { InputDataset } from "../../core/execution/definition.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import { parseRid, type Rid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import { type AssetSpec, readAssetSpec } from "../../core/records/asset-spec.ts";
import { type InputSpec, inputSpecText, readInputSpec } from "../../core/records/input-spec.ts";
import type { NewInput } from "../../ports/run-catalog.ts";
import { authoredInput } from "./authored-input.ts";
import type { Found } from "./found.ts";
import { getAuthored } from "./named-dataset.ts";
import type { ResolvePorts } from "./run-ports.ts";
import type { RunRequest } from "./run-request.ts";

/** The inputs of a run, found and pinned. */
export interface ResolvedInputs {
  readonly assets: readonly NewInput[];
  readonly datasets: readonly InputDataset[];
}

/**
 * Finds everything that a run names as input, before anything is written.
 * @throws RUN_INVALID with all problems at once
 */
export async function resolveInputs(request: NamedInputs, ports: ResolvePorts): Promise<ResolvedInputs> {
  const { problems, ...inputs } = await lookUp(request, ports);
  if (problems.length > 0) throw runInvalid(problems);
  return inputs;
}

/** What a run names beside its code. */
export type NamedInputs = Pick<RunRequest, "files" | "assets" | "datasets" | "allowDraft"> & {
  readonly workflow: Pick<RunRequest["workflow"], "types">;
};

/** Everything that is wrong with what a run names; empty when nothing is. */
export async function inputProblems(request: NamedInputs, ports: ResolvePorts): Promise<readonly string[]> {
  return (await lookUp(request, ports)).problems;
}

async function lookUp(
  request: NamedInputs,
  ports: ResolvePorts,
): Promise<ResolvedInputs & { readonly problems: readonly string[] }> {
  const twice = repeated([...request.files, ...request.assets.map(nameOf)]);
  const files = await Promise.all(request.files.map((file) => fileInput(file, ports)));
  const assets = await Promise.all(request.assets.map((spec) => assetInput(spec, ports)));
  const { allowDraft = false } = request;
  const datasets = await Promise.all(
    request.datasets.map((spec) => datasetInput(spec, { allowDraft, ports })),
  );
  const problems = [
    ...twice.map((name) => `${name} is named twice`),
    ...[...files, ...assets, ...datasets].flatMap((one) => ("problem" in one ? [one.problem] : [])),
    ...(await typeProblems(request, ports)),
    ...overlapping(datasets.flatMap((one) => ("found" in one ? [one.found] : []))),
  ];
  return {
    problems,
    assets: [...files, ...assets].flatMap((one) => ("found" in one ? [one.found] : [])),
    datasets: datasets.flatMap((one) => ("found" in one ? [one.found] : [])),
  };
}

/** What of the types of a workflow is no term. */
async function typeProblems(
  { workflow }: NamedInputs,
  { declarations: { vocabularies } }: ResolvePorts,
): Promise<readonly string[]> {
  if (workflow.types.length === 0) return [];
  const terms = await vocabularies.terms("Workflow_Type");
  const known = new Map(
    terms.flatMap(({ name, synonyms }) => [name, ...synonyms].map((each) => [each, name] as const)),
  );
  return workflow.types
    .filter((type) => !known.has(type))
    .map((type) => {
      const names = nearestNames(type, known.keys()).map((each) => known.get(each));
      const near = [...new Set(names)].map((name) => `"${name}"`);
      return `there is no workflow type "${type}"${near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`}`;
    });
}

/** Says all that is wrong with a run. @param cause the error that one of the problems was */
export function runInvalid(problems: readonly string[], cause?: AlmanacError): AlmanacError {
  const [first] = problems;
  const message =
    problems.length === 1
      ? `the run cannot be recorded: ${first}`
      : ["the run cannot be recorded:", ...problems].join("\n  ");
  return new AlmanacError("RUN_INVALID", message, {
    hint: [cause?.hint, "almanac assets list and almanac datasets list show what there is"]
      .filter((each) => each !== undefined)
      .join("; "),
    facts: { problems },
    ...(cause === undefined ? {} : { cause }),
  });
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/** Datasets that are named twice, in whatever spelling, or in two versions. */
function overlapping(datasets: readonly InputDataset[]): readonly string[] {
  const ids = datasets.map(({ sourceType, id }) => `${sourceType} ${id}`);
  const rids = new Map<string, Set<string>>();
  for (const { authored, version } of datasets)
    if (authored !== undefined) rids.set(authored.rid, (rids.get(authored.rid) ?? new Set()).add(version));
  return [
    ...repeated(ids).map((name) => `the dataset ${name.slice(name.indexOf(" ") + 1)} is named twice`),
    ...[...rids].flatMap(([rid, versions]) =>
      versions.size > 1
        ? [`the dataset ${rid} is named with several versions: ${[...versions].join(", ")}`]
        : [],
    ),
  ];
}

async function fileInput(file: string, { files, projectFolder }: ResolvePorts): Promise<Found<NewInput>> {
  const facts = await files.describe(file);
  if (facts === undefined) return { problem: `there is no file ${file}` };
  const url = relative(projectFolder, file).split(sep).join("/");
  return { found: { kind: "file", fileName: lastPart(url), url, ...facts } };
}

/** How a message names it; two spellings of one RID are one name. */
function nameOf(spec: AssetSpec): string {
  const named = readAssetSpec(spec);
  return "problem" in named ? JSON.stringify(spec) : named.rid;
}

/**
 * Finds an asset that is to be an input.
 * @returns what to pin of it, or what is wrong
 */
export async function assetInput(
  spec: AssetSpec,
  { assets }: { readonly assets: Pick<ResolvePorts["assets"], "asset"> },
): Promise<Found<NewInput & { readonly rid: Rid }>> {
  const named = readAssetSpec(spec);
  if ("problem" in named) return named;
  const asset = await assets.asset(named.rid);
  if (asset === undefined) return { problem: `there is no asset ${named.rid}` };
  const { rid, kind, fileName, sizeBytes, sha256, url } = asset;
  const pinned = { rid, kind, fileName, sizeBytes, sha256, url };
  return { found: named.cache ? pinned : { ...pinned, cache: false } };
}

async function datasetInput(
  given: InputSpec,
  { allowDraft, ports }: { readonly allowDraft: boolean; readonly ports: ResolvePorts },
): Promise<Found<InputDataset>> {
  const spec = readInputSpec(given as Json);
  if (typeof spec === "object" && "problem" in spec) return spec;
  const name = inputSpecText(spec);
  try {
    const authored = await getAuthored(await releasedName(name, ports), ports.authored);
    const materialize = typeof spec === "string" || spec.materialize !== false;
    if (authored !== undefined)
      return await authoredInput(authored, { how: { materialize, allowDraft }, ports });
  } catch (error) {
    if (!isAlmanacError(error, "USAGE")) throw error;
    return { problem: `${error.message}; ${error.hint ?? ""}` };
  }
  return ingestedInput(name, ports);
}

/** What solving sees of a released version is that version. */
async function releasedName(name: string, { datasets }: ResolvePorts): Promise<string> {
  if (parseRid(name) === undefined) return name;
  const { items } = await datasets.list({ names: [name], origin: "released", limit: 1 });
  return items[0]?.id ?? name;
}

async function ingestedInput(name: string, { datasets }: ResolvePorts): Promise<Found<InputDataset>> {
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
