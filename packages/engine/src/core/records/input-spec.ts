import { type Json, shownValue } from "../json.ts";

/** A version of an authored dataset that is to be an input. */
export interface VersionSpec {
  readonly rid: string;
  /** `major.minor.patch`, or `draft` where that is allowed. */
  readonly version?: string;
  /** False: what is known of it, without its files. */
  readonly materialize?: boolean;
}

/**
 * A dataset that is to be an input: the id or RID of an ingested one; `RID@version` of an authored one, by its name too
 * where only one has it; or these in parts.
 */
export type InputSpec = string | VersionSpec;

/** How messages name it. */
export function inputSpecText(spec: InputSpec): string {
  if (typeof spec === "string") return spec;
  return spec.version === undefined ? spec.rid : `${spec.rid}@${spec.version}`;
}

/** Reads one out of a configuration or a program without types; says what is wrong with it otherwise. */
export function readInputSpec(given: Json): InputSpec | { readonly problem: string } {
  if (typeof given === "string") return given;
  const shown = shownValue(given);
  if (typeof given !== "object" || given === null || !("rid" in given))
    return { problem: `${shown} names no dataset: RID@version, or {rid, version, materialize}` };
  const { rid, version, materialize, ...others } = given as Readonly<Record<string, Json | undefined>>;
  const [foreign] = Object.keys(others);
  if (foreign !== undefined) return { problem: `${shown} has the member "${foreign}"` };
  if (typeof rid !== "string" || (version !== undefined && typeof version !== "string"))
    return { problem: `${shown}: rid and version are texts` };
  if (materialize !== undefined && typeof materialize !== "boolean")
    return { problem: `${shown}: materialize is true or false` };
  return {
    rid,
    ...(version === undefined ? {} : { version }),
    ...(materialize === undefined ? {} : { materialize }),
  };
}
