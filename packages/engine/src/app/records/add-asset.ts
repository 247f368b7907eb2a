import { AlmanacError } from "../../core/errors.ts";
import { type Asset, isRemoteUrl, type NewAsset } from "../../core/records/asset.ts";
import { metadataProblems } from "../../core/records/asset-kind.ts";
import { assetTypeVocabulary } from "../../core/records/asset-types.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { VocabularyCatalog } from "../../ports/vocabulary-catalog.ts";

/** A file elsewhere that is to be an asset. */
export type AssetToAdd = Pick<NewAsset, "url" | "sha256" | "sizeBytes"> &
  Partial<Omit<NewAsset, "url" | "sha256" | "sizeBytes">>;

/** What adding assets needs of the outside. */
export interface AddAssetPorts {
  readonly assets: Pick<AssetCatalog, "add" | "kinds">;
  readonly vocabularies: Pick<VocabularyCatalog, "names">;
}

/**
 * Registers a file that lies elsewhere, without fetching it: whoever uses it gets its bytes, checked against the digest.
 * @throws USAGE when URL, digest or size are none, or the metadata does not fit its kind; UNKNOWN_NAME for a kind or type
 * that there is not
 */
export async function addAsset(asset: AssetToAdd, ports: AddAssetPorts): Promise<Asset> {
  const { kind: name = "file", types = [], metadata = {}, description = "", sizeBytes } = asset;
  const { url, fileName } = readUrl(asset.url);
  const sha256 = asset.sha256.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw wrong(`"${asset.sha256}" is no sha256`, "64 digits, as sha256sum prints them");
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw wrong(`${sizeBytes} is no size in bytes`);
  const kind = (await ports.assets.kinds()).find((each) => each.name === name);
  const problems = kind === undefined ? [] : metadataProblems(kind, metadata);
  if (problems.length > 0) throw wrong(problems.join("; "), "almanac assets kinds");
  const terms = types.length === 0 ? [] : await ports.vocabularies.names(assetTypeVocabulary, types);
  return ports.assets.add({
    ...{ url, sha256, sizeBytes, kind: name, metadata, description },
    fileName: asset.fileName ?? fileName,
    types: terms.length === 0 ? [name] : terms,
  });
}

/** A URL that can be fetched later, and the name that its file has there. */
function readUrl(text: string): { readonly url: string; readonly fileName: string } {
  const url = URL.canParse(text) && isRemoteUrl(text) ? new URL(text) : undefined;
  if (url === undefined)
    throw wrong(
      `"${text}" is no URL of http:, https: or file:`,
      "a local file is an input by almanac run --input",
    );
  if (url.username !== "" || url.password !== "")
    throw wrong(`the URL of ${url.host} holds a user or password`);
  const last = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  const fileName = decoded(last).replaceAll(/[/\\]/g, "_");
  return { url: url.href, fileName: fileName === "" || /^\.+$/.test(fileName) ? "file" : fileName };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

function wrong(message: string, hint?: string): AlmanacError {
  return new AlmanacError("USAGE", message, hint === undefined ? {} : { hint });
}
