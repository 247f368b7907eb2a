import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { BagAlgorithm } from "../../core/records/bag-manifest.ts";
import { bagFileError } from "./bag-errors.ts";

/** Bytes read at a time: hashing is then what takes the time. */
const chunkBytes = 1024 * 1024;

/** What was read of a file. */
export interface DigestedFile {
  readonly bytes: number;
  readonly digests: Readonly<Partial<Record<BagAlgorithm, string>>>;
}

/**
 * Reads a file once and takes digests of it. A link in its place is an error: it is not followed.
 * @throws FILE_MISSING, STORE_UNAVAILABLE, the signal's reason
 */
export async function digestFile(
  file: string,
  { algorithms, signal }: { readonly algorithms: readonly BagAlgorithm[]; readonly signal: AbortSignal },
): Promise<DigestedFile> {
  const hashes = algorithms.map((algorithm) => ({ algorithm, hash: createHash(algorithm) }));
  let bytes = 0;
  try {
    await using opened = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, (await opened.stat()).size + 1)));
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await opened.read(buffer, 0, buffer.length, bytes);
      if (bytesRead === 0) break;
      bytes += bytesRead;
      for (const { hash } of hashes) hash.update(buffer.subarray(0, bytesRead));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw bagFileError(error, `read ${file}`);
  }
  return {
    bytes,
    digests: Object.fromEntries(hashes.map(({ algorithm, hash }) => [algorithm, hash.digest("hex")])),
  };
}
