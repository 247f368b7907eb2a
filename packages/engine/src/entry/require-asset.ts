import { AlmanacError } from "../core/errors.ts";
import { requireRid } from "../core/identity/rid.ts";
import type { Asset } from "../core/records/asset.ts";
import type { AssetCatalog } from "../ports/asset-catalog.ts";

/**
 * The asset that a person names.
 * @param text its RID in any spelling
 * @throws USAGE when the text is no RID, UNKNOWN_NAME when no asset has it
 */
export async function requireAsset(text: string, assets: Pick<AssetCatalog, "asset">): Promise<Asset> {
  const rid = requireRid(text);
  const asset = await assets.asset(rid);
  if (asset !== undefined) return asset;
  throw new AlmanacError("UNKNOWN_NAME", `there is no asset ${rid}`, {
    hint: "almanac assets list",
    facts: { rid },
  });
}
