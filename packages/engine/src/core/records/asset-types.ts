import { nearestNames } from "../identity/nearest-names.ts";
import type { Result } from "../result.ts";
import type { AssetKind } from "./asset-kind.ts";
import type { NewTerm } from "./vocabulary.ts";

/** The vocabulary of asset types. */
export const assetTypeVocabulary = "Asset_Type";

/** A term as a definition holds it, so that a worker needs no catalog. */
export type AllowedTerm = Pick<NewTerm, "name" | "synonyms">;

/**
 * Names of the asset types that spellings stand for. The name of an asset kind is a type too.
 * @param allowed.assetTypes absent: a definition of before there were any, which allows all
 * @returns every spelling that is none, each with the nearest ones
 */
export function assetTypeNames(
  spellings: readonly string[],
  {
    assetTypes,
    kinds,
  }: { readonly assetTypes?: readonly AllowedTerm[]; readonly kinds: readonly AssetKind[] },
): Result<readonly string[], readonly string[]> {
  if (assetTypes === undefined) return { ok: true, value: spellings };
  const names = new Map([
    ...kinds.map(({ name }) => [name, name] as const),
    ...assetTypes.flatMap(({ name, synonyms }) => [name, ...synonyms].map((each) => [each, name] as const)),
  ]);
  const unknown = spellings.filter((spelling) => !names.has(spelling));
  if (unknown.length > 0) return { ok: false, error: unknown.map((each) => problem(each, names.keys())) };
  return { ok: true, value: [...new Set(spellings.map((spelling) => names.get(spelling) ?? spelling))] };
}

function problem(spelling: string, known: Iterable<string>): string {
  const near = nearestNames(spelling, known).map((name) => `"${name}"`);
  return `there is no asset type "${spelling}"${near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`}`;
}
