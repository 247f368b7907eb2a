import { parseRid, type Rid } from "../identity/rid.ts";
import { shownValue } from "../json.ts";

/** How an asset is named as an input: its RID, or more about it. A text is always a RID, never a path. */
export type AssetSpec =
  | string
  | {
      readonly rid: string;
      /** Inputs have no other role. */
      readonly role?: "Input";
      /** False: one that lies elsewhere is fetched for this run alone, not kept for others. Default: true. */
      readonly cache?: boolean;
    };

/** An asset named as an input. */
export interface NamedAsset {
  readonly rid: Rid;
  readonly cache: boolean;
}

/** Reads how an asset is named, whatever it was written as. @returns what is wrong with it, as a sentence without an end */
export function readAssetSpec(spec: AssetSpec): NamedAsset | { readonly problem: string } {
  if (typeof spec === "string") return named(spec, true);
  if (typeof spec !== "object" || spec === null || typeof spec.rid !== "string")
    return { problem: `${shownValue(spec)} is no asset: write a RID, or {rid, role, cache}` };
  const { rid, role = "Input", cache = true, ...others } = spec;
  const [foreign] = Object.keys(others);
  if (foreign !== undefined)
    return { problem: `the asset ${rid} has "${foreign}": there are rid, role and cache` };
  if (role !== "Input") return { problem: `the asset ${rid} is an input: its role is not "${String(role)}"` };
  if (typeof cache !== "boolean") return { problem: `cache of the asset ${rid} is true or false` };
  return named(rid, cache);
}

function named(text: string, cache: boolean): NamedAsset | { readonly problem: string } {
  const rid = parseRid(text);
  return rid === undefined
    ? { problem: `"${text}" is not a RID; a local file is an input by --input` }
    : { rid, cache };
}
