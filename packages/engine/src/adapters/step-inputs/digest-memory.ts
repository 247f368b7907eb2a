import { appendFileSync, type BigIntStats, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** Digests of files by what tells a file from its changed self: device, inode, size, mtime and ctime. */
export interface DigestMemory {
  get(stats: BigIntStats): string | undefined;
  set(stats: BigIntStats, digest: string): void;
}

/** A file whose times are younger than this may change once more without any of them showing it. */
const trustedAfterMs = 2000n;

/** A memory of digests. @param file one line for each digest, appended; without it nothing is kept beyond the process */
export function createDigestMemory(file: string | undefined): DigestMemory {
  let known: Map<string, string> | undefined;
  const load = (): Map<string, string> => {
    known ??= file !== undefined && existsSync(file) ? readLines(readFileSync(file, "utf8")) : new Map();
    return known;
  };
  return {
    get: (stats) => (isRecent(stats) ? undefined : load().get(stampOf(stats))),
    set: (stats, digest) => {
      if (isRecent(stats)) return;
      load().set(stampOf(stats), digest);
      if (file === undefined) return;
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, `${stampOf(stats)} ${digest}\n`);
    },
  };
}

/** Lines that a kill or another writer tore are passed over. */
function readLines(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^(\S+) ([0-9a-f]{64})$/gm)].map(([, stamp = "", digest = ""]) => [stamp, digest]),
  );
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}

function isRecent({ mtimeMs, ctimeMs }: BigIntStats): boolean {
  const newest = mtimeMs > ctimeMs ? mtimeMs : ctimeMs;
  return BigInt(Date.now()) - newest < trustedAfterMs;
}
