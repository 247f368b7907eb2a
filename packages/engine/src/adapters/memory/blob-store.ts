import { readFileSync } from "node:fs";
import { otherDigest, requireBlobName } from "../../core/identity/blob-name.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { BlobStore } from "../../ports/blob-store.ts";

/** Blobs that live as long as the process. */
export function createMemoryBlobs(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  return {
    place: "memory",
    put: async (name, content, sha256) => {
      requireBlobName(name);
      const bytes = "bytes" in content ? content.bytes.slice() : new Uint8Array(readFileSync(content.file));
      const found = sha256Hex(bytes);
      if (found !== sha256) throw otherDigest(name, sha256, { found });
      blobs.set(name, bytes);
    },
    get: async (name) => blobs.get(name)?.slice(),
    range: async (name, { start, end }) => blobs.get(name)?.slice(start, end),
    list: async function* (prefix) {
      for (const [name, bytes] of [...blobs])
        if (name === prefix || (prefix.endsWith("/") && name.startsWith(prefix)))
          yield { name, bytes: bytes.length };
    },
    delete: async (name) => void blobs.delete(name),
  };
}
