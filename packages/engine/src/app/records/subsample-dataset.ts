import type { DatasetAuthoring } from "../../ports/dataset-authoring.ts";
import {
  carriedMembers,
  type DividePorts,
  type DivideRequest,
  divideMembers,
  howDivided,
} from "./divide-members.ts";
import { type MadeDataset, madeDataset, type SplitDatasetRequest } from "./split-dataset.ts";

/** How a sample is to be drawn from a released dataset. */
export interface SubsampleDatasetRequest
  extends Omit<DivideRequest, "parts">,
    Pick<SplitDatasetRequest, "name" | "description" | "dryRun" | "at"> {
  /** Share of all members, above 0 to 1, or how many. */
  readonly size: { readonly fraction: number } | { readonly count: number };
}

/** What drawing a sample made. */
export interface DatasetSample
  extends MadeDataset,
    Pick<DivideRequest, "seed" | "disjointBy" | "stratifyBy"> {
  /** `RID@version` of what it was drawn from. */
  readonly of: string;
  /** How many members that has. */
  readonly from: number;
  /** How many the sample has. */
  readonly members: number;
  readonly keys?: number;
  readonly strata: Readonly<Record<string, number>>;
}

/**
 * Draws a sample of a released version as a released dataset of type Subset. How it was drawn is its derivation.
 * @throws UNKNOWN_NAME when the dataset, its version or a column is not there
 * @throws SPLIT_REFUSED naming everything that makes it impossible
 */
export async function subsampleDataset(
  request: SubsampleDatasetRequest,
  ports: DividePorts & { readonly authored: Pick<DatasetAuthoring, "create"> },
): Promise<DatasetSample> {
  const asked: DivideRequest = { ...request, parts: [{ name: "sample", ...request.size }] };
  const divided = await divideMembers(asked, ports);
  const { source, of, split } = divided;
  const [part = { members: [], strata: {} }] = split.parts;
  const { parts: _, leftOut: __, ...how } = howDivided(divided, asked);
  const { at, name = `${source.dataset.name}-sample`, description = `a sample of ${of}`, seed } = request;
  const sample = {
    ...{ name, description, types: ["Subset"], at, release: {} },
    derivation: { by: "subsample", ...how, ...request.size },
    members: carriedMembers(divided, 0),
  };
  const [made] = request.dryRun === true ? [] : await ports.authored.create([sample]);
  const { disjointBy, stratifyBy } = request;
  return {
    ...{ of, from: source.members.length, members: part.members.length, seed },
    ...(disjointBy === undefined ? {} : { disjointBy }),
    ...(stratifyBy === undefined ? {} : { stratifyBy }),
    ...("keys" in part && part.keys !== undefined ? { keys: part.keys } : {}),
    strata: part.strata,
    ...madeDataset(made),
  };
}
