import { sha256Hex } from "../core/identity/digest.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { BagContents } from "../core/provenance/bag-contents.ts";
import { placeFiles } from "../core/records/bag-paths.ts";
import { versionDigest } from "../core/records/version-digest.ts";
import type { NewBag, PayloadOrigin } from "./bags.ts";

/** A file of a bag to be, by its path in the dataset. */
export interface SampleFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly origin: PayloadOrigin;
  readonly bring: boolean;
}

/** A bag of one dataset that has these files. */
export function sampleBag(files: readonly SampleFile[]): NewBag {
  const rid = "D1" as Rid;
  const assets = files.map(({ path, bytes, origin }, at) => ({
    ...{ rid: `A${at + 1}` as Rid, kind: "file", fileName: path.split("/").at(-1) ?? "", path },
    ...{ sizeBytes: bytes.length, sha256: sha256Hex(bytes), types: ["file"], metadata: {} },
    ...{ url: "url" in origin ? origin.url : "results:x", description: "", madeBy: undefined },
  }));
  const places = placeFiles(assets);
  const members = assets.map((asset) => ({
    ...{ kind: "asset" as const, rid: asset.rid, path: asset.path, checksum: `sha256:${asset.sha256}` },
    sizeBytes: asset.sizeBytes,
  }));
  const contents: BagContents = {
    root: { rid, version: "0.1.0" },
    datasets: [
      {
        dataset: {
          ...{ rid, name: "sample", description: "A dataset of\nfiles", types: ["Complete"] },
          ...{ facets: {}, createdAt: "2024-01-01T00:00:00.000Z" },
        },
        version: {
          ...{ dataset: rid, version: "0.1.0", ordinal: 1, releasedAt: "2024-01-02T00:00:00.000Z" },
          ...{ digest: versionDigest(members), notes: "", memberCount: members.length },
        },
        members,
      },
    ],
    assets: assets.map(({ path: _, ...asset }) => ({ ...asset, place: places.get(asset.rid) ?? "" })),
    ...{ records: [], features: [], kinds: [], executions: [] },
    declared: { features: [], recordTypes: [], vocabularies: [] },
  };
  return {
    contents,
    files: contents.assets.map(({ place, sizeBytes, sha256 }, at) => ({
      ...{ place, sizeBytes, sha256 },
      origin: files[at]?.origin ?? { url: "" },
      bring: files[at]?.bring ?? false,
    })),
  };
}
