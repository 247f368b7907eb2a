import type { Facets } from "../catalog/dataset.ts";
import type { Rid } from "../identity/rid.ts";
import type { Json } from "../json.ts";
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
}

/** What an execution computes, frozen before it starts: the content of `execution.json`. */
export interface ExecutionDefinition {
  readonly formatVersion: 1;
  readonly rid: Rid;
  readonly group: {
    readonly rid: Rid;
    readonly key: string;
    /** Identity of the group beside provider, diagnostic and version; lets an empty catalog find it again. */
    readonly selectorDigest?: string;
  };
  readonly provider: { readonly slug: string; readonly version: string };
  readonly diagnostic: { readonly slug: string; readonly version: number; readonly name: string };
  /** Relative folder under scratch and under results. */
  readonly fragment: string;
  /** Requirement name → selector. */
  readonly selectors: Readonly<Record<string, Selector>>;
  readonly datasets: readonly InputDataset[];
  /** Digest over everything that decides the output. */
  readonly fingerprint: string;
  /** The reference's dataset hash. */
  readonly compatHash: string;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly limits: Limits;
  /** Where the code is: a provider module path relative to the project folder or `builtin:<name>`; argv of a command line. */
  readonly computation:
    | { readonly kind: "function"; readonly module: string }
    | { readonly kind: "command"; readonly argv: readonly string[] };
  /** Dimensions and values that results may use. */
  readonly vocabulary: Vocabulary;
  readonly createdAt: string;
}
