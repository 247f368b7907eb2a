import type { Rid } from "../../core/identity/rid.ts";
import type { AuthoredDataset } from "../../core/records/authored-dataset.ts";
import type { SplitPart } from "../../core/records/split.ts";
import type { DatasetAuthoring, NewDataset } from "../../ports/dataset-authoring.ts";
import type { VocabularyCatalog } from "../../ports/vocabulary-catalog.ts";
import {
  carriedMembers,
  type Divided,
  type DividePorts,
  type DivideRequest,
  divideMembers,
  howDivided,
} from "./divide-members.ts";

/** How a released dataset is to be split. */
export interface SplitDatasetRequest extends DivideRequest {
  /** Of the dataset whose children are the parts; default: the divided one's with `-split`. */
  readonly name?: string;
  readonly description?: string;
  /** True: what would be made is told, and nothing is made. */
  readonly dryRun?: boolean;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** A dataset that was made; absent in a dry run. */
export interface MadeDataset {
  readonly rid?: Rid;
  readonly version?: string;
}

/** One part, and the dataset it became. */
export interface DatasetPart extends Omit<SplitPart, "members">, MadeDataset {
  readonly members: number;
  /** Dataset types. */
  readonly types: readonly string[];
}

/** What a split made: a dataset whose children are the parts. */
export interface DatasetSplit extends MadeDataset, Pick<DivideRequest, "seed" | "disjointBy" | "stratifyBy"> {
  /** `RID@version` of what was divided. */
  readonly of: string;
  readonly members: number;
  readonly parts: readonly DatasetPart[];
  /** Members that no part asked for. */
  readonly leftOut: number;
}

/** What splitting needs of a catalog. */
export interface SplitPorts extends DividePorts {
  readonly authored: Pick<DatasetAuthoring, "dataset" | "versions" | "members" | "create">;
  readonly vocabularies: Pick<VocabularyCatalog, "find">;
}

/**
 * Splits a released version: a released dataset for each part, of the type that the part's name stands for (train, test,
 * validation; any other is a Subset), and one of type Split that has them as children; all or none. How they were made
 * is their derivation.
 * @throws UNKNOWN_NAME when the dataset, its version or a column is not there
 * @throws SPLIT_REFUSED naming everything that makes it impossible
 */
export async function splitDataset(request: SplitDatasetRequest, ports: SplitPorts): Promise<DatasetSplit> {
  const divided = await divideMembers(request, ports);
  const types = await Promise.all(divided.split.parts.map(({ name }) => partTypes(name, ports)));
  const made =
    request.dryRun === true ? [] : await ports.authored.create(newDatasets(divided, { request, types }));
  const { seed, disjointBy, stratifyBy } = request;
  return {
    ...{ of: divided.of, members: divided.source.members.length, seed },
    ...(disjointBy === undefined ? {} : { disjointBy }),
    ...(stratifyBy === undefined ? {} : { stratifyBy }),
    parts: divided.split.parts.map((part, at) => ({
      ...part,
      ...{ members: part.members.length, types: types[at] ?? [] },
      ...madeDataset(made[at]),
    })),
    leftOut: divided.split.leftOut.length,
    ...madeDataset(made.at(-1)),
  };
}

/** A part whose name is a spelling of what datasets are for is of that type. */
async function partTypes(
  name: string,
  { vocabularies }: Pick<SplitPorts, "vocabularies">,
): Promise<readonly string[]> {
  const term = await vocabularies.find({ vocabulary: "Dataset_Type", term: name });
  return [term?.name ?? "Subset"];
}

/** The parts, then the dataset that has them as children. */
function newDatasets(
  divided: Divided,
  {
    request,
    types,
  }: { readonly request: SplitDatasetRequest; readonly types: readonly (readonly string[])[] },
): readonly NewDataset[] {
  const { of, source, split } = divided;
  const { at, name = `${source.dataset.name}-split` } = request;
  const derivation = { by: "split", ...howDivided(divided, request) };
  const parts = split.parts.map(
    (part, place): NewDataset => ({
      ...{ name: `${name}-${part.name}`, types: types[place] ?? [], at, release: {} },
      description: `${part.name} of ${of}`,
      derivation: { ...derivation, part: part.name },
      members: carriedMembers(divided, place),
    }),
  );
  const names = split.parts.map((part) => part.name);
  return [
    ...parts,
    {
      ...{ name, types: ["Split"], at, release: {}, derivation },
      description: request.description ?? `${of} in parts: ${names.join(", ")}`,
      members: names.map((part, made) => ({ made, path: part })),
    },
  ];
}

/** RID and version of a dataset that was made. */
export function madeDataset(made: AuthoredDataset | undefined): MadeDataset {
  if (made === undefined) return {};
  return { rid: made.rid, ...(made.version === undefined ? {} : { version: made.version }) };
}
