import type { Facets } from "../catalog/dataset.ts";
import { AlmanacError } from "../errors.ts";
import type { Rid } from "../identity/rid.ts";
import type { Json } from "../json.ts";
import type { AllowedRecords } from "../records/allowed-records.ts";
import type { InputAsset } from "../records/asset.ts";
import type { AssetKind } from "../records/asset-kind.ts";
import type { AllowedTerm } from "../records/asset-types.ts";
import type { CodeState, WorkflowIdentity } from "../records/workflow.ts";
import type { Vocabulary } from "../results/vocabulary.ts";
import type { Limits } from "./limits.ts";

/** Facet values that identify a group, in facet-name order. */
export type Selector = readonly (readonly [facet: string, value: string])[];

/** One pinned file of an input dataset. */
export interface InputFile {
  /** As in the catalog: relative to the project folder. */
  readonly path: string;
  readonly sizeBytes?: number;
  readonly contentId: string;
  readonly start?: string;
  readonly end?: string;
  readonly calendar?: string;
  readonly timeUnits?: string;
  /** Of a dataset put together here: the asset that the file is. `path` is its place inside the execution's folder. */
  readonly asset?: Pick<InputAsset, "rid" | "kind" | "fileName" | "url">;
}

/** One pinned input dataset. */
export interface InputDataset {
  /** Name of the requirement it answers, or its source type. */
  readonly requirement: string;
  readonly sourceType: string;
  readonly id: string;
  readonly version: string;
  readonly facets: Facets;
  readonly files: readonly InputFile[];
  /** Of a dataset put together here. */
  readonly authored?: PinnedDataset;
}

/** What fixes an authored dataset as an input. */
export interface PinnedDataset {
  readonly rid: Rid;
  /** Of the version; of a draft, over its members as they were. */
  readonly digest: string;
  /** It was not released. */
  readonly draft?: true;
  /** False: its files were not brought, and are not listed. */
  readonly materialize?: false;
}

/** What definitions of every origin have. */
export interface DefinitionFrame {
  readonly rid: Rid;
  /** Relative folder under scratch and under results. */
  readonly fragment: string;
  readonly datasets: readonly InputDataset[];
  /** Digest over everything that decides the output. */
  readonly fingerprint: string;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly limits: Limits;
  /** Where the code is: a module path relative to the project folder or `builtin:<name>`; argv of a command line. */
  readonly computation:
    | { readonly kind: "function"; readonly module: string }
    | { readonly kind: "command"; readonly argv: readonly string[] };
  /** Dimensions and values that results may use. */
  readonly vocabulary: Vocabulary;
  /** Features and record types that the computation may add to; absent: none. */
  readonly allowed?: AllowedRecords;
  readonly createdAt: string;
}

/** What an execution that the solver decided computes: a diagnostic for one group of datasets. */
export interface SolverDefinition extends DefinitionFrame {
  readonly formatVersion: 1;
  readonly origin?: undefined;
  readonly group: {
    readonly rid: Rid;
    readonly key: string;
    /** Identity of the group beside provider, diagnostic and version; lets an empty catalog find it again. */
    readonly selectorDigest?: string;
  };
  readonly provider: { readonly slug: string; readonly version: string };
  readonly diagnostic: { readonly slug: string; readonly version: number; readonly name: string };
  /** Requirement name → selector. */
  readonly selectors: Readonly<Record<string, Selector>>;
  /** The reference's dataset hash. */
  readonly compatHash: string;
}

/** What a recorded run computes: code of the user's, with the inputs and the configuration named for it. */
export interface RunDefinition extends DefinitionFrame {
  readonly formatVersion: 2;
  readonly origin: "run" | "build";
  readonly workflow: WorkflowIdentity & { readonly rid: Rid };
  /** In what state the code was. */
  readonly code: CodeState;
  /** Markdown. */
  readonly description: string;
  readonly assets: readonly InputAsset[];
  /** Asset kinds that its files may be of. */
  readonly kinds: readonly AssetKind[];
  /** Terms that types of its files may be; absent in definitions of before: any. */
  readonly assetTypes?: readonly AllowedTerm[];
  /** The command line that asked for it, or empty; never with values of the environment. */
  readonly commandLine: readonly string[];
  /** Relative to the project folder. */
  readonly workingFolder: string;
  /** The run that it resumes: the same configuration and inputs once more, after an interruption. */
  readonly resumes?: Rid;
  /** The execution it is a part of, with its place among the parts. */
  readonly parent?: { readonly rid: Rid; readonly sequence?: number };
  /** RIDs set aside for what the computation makes records of. */
  readonly reserved: { readonly first: Rid; readonly count: number };
}

/** What an execution computes, frozen before it starts: the content of `execution.json`. */
export type ExecutionDefinition = SolverDefinition | RunDefinition;

/**
 * The definition of an execution that the solver decided.
 * @throws USAGE when it is a recorded run or a part of a pipeline
 */
export function requireSolverDefinition(definition: ExecutionDefinition): SolverDefinition {
  if (definition.origin === undefined) return definition;
  throw new AlmanacError("USAGE", `execution ${definition.rid} is a recorded run, not one of the solver's`, {
    hint: `almanac executions show ${definition.rid}`,
    facts: { rid: definition.rid, origin: definition.origin },
  });
}
