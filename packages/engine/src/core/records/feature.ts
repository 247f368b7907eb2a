import { AlmanacError } from "../errors.ts";
import type { Rid } from "../identity/rid.ts";
import type { Json } from "../json.ts";
import { type Column, requireColumns } from "./column.ts";

/** What a feature's targets are: datasets of a source type, assets of a kind, or records of a record type. */
export interface FeatureTarget {
  readonly kind: "dataset" | "asset" | "record";
  /** Name of the source type, asset kind or record type. */
  readonly name: string;
}

/** A declared feature: typed values that executions attach to targets. */
export interface FeatureDefinition {
  readonly target: FeatureTarget;
  readonly name: string;
  readonly description: string;
  readonly columns: readonly Column[];
}

/** A feature record as a computation gives it. */
export interface FeatureRecord {
  /** `<target>/<name>`, such as `cmip6/quality`. */
  readonly feature: string;
  /** RID of the target; of a dataset also its id, of an asset also the path of a file registered by this execution. */
  readonly target: string | { readonly path: string };
  /** By column; what is absent is null. */
  readonly values?: Readonly<Record<string, Json | undefined>>;
  /** Filled in; naming another execution is an error. */
  readonly execution?: string;
}

/** A feature record as it is staged: checked, every column there, terms by their names. */
export interface StagedFeature {
  readonly feature: string;
  /** A RID or a dataset's id; or a file of the execution, by its path. */
  readonly target: string | { readonly path: string };
  readonly values: Readonly<Record<string, Json>>;
}

/** One stored value of a feature. */
export interface FeatureValue {
  readonly feature: string;
  readonly target: Rid;
  readonly execution: Rid;
  /** The workflow of the execution; absent for executions of the solver. */
  readonly workflow?: Rid;
  /** When the execution was recorded. */
  readonly at: string;
  readonly values: Readonly<Record<string, Json>>;
}

/** The name by which a feature is asked for. */
export function featureName({ target, name }: Pick<FeatureDefinition, "target" | "name">): string {
  return `${target.name}/${name}`;
}

/**
 * Parts of a feature's name.
 * @throws USAGE when it has not the form `<target>/<name>`
 */
export function parseFeatureName(text: string): { readonly target: string; readonly name: string } {
  const [target = "", name = "", ...rest] = text.split("/");
  if (target === "" || name === "" || rest.length > 0)
    throw new AlmanacError("USAGE", `"${text}" does not name a feature`, {
      hint: "features are named <target>/<name>, such as cmip6/quality: almanac features list",
    });
  return { target, name };
}

/**
 * Checks a feature before it is declared.
 * @throws USAGE when its name or a column is not usable
 */
export function requireFeature(feature: FeatureDefinition): FeatureDefinition {
  if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(feature.name))
    throw new AlmanacError("USAGE", `"${feature.name}" is no name for a feature`, {
      hint: "a letter first, then letters, digits, _ . or -",
    });
  const owner = `the feature ${featureName(feature)}`;
  requireColumns(owner, feature.columns);
  const foreign = feature.columns.find(({ holds }) => holds === "record" || holds === "dataset");
  if (foreign !== undefined)
    throw new AlmanacError("USAGE", `the column "${foreign.name}" of ${owner} holds a ${foreign.holds}`, {
      hint: "columns of features hold values, terms or assets",
    });
  return feature;
}
