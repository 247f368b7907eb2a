import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";
import type { KeptDecisions, KeptSnapshot, SolverMemoryStore } from "../../ports/solver-memory.ts";

/** Begins every file: its form and the program that wrote it, since another version may find something else. */
function headOf(program: string): Buffer {
  return Buffer.from(`almanac solver memory 1 ${program}\n`);
}

/**
 * Keeps what a solve found in two files beside the catalog, `<catalog>.decisions` and `<catalog>.snapshot`. They may be
 * removed at any time. Nothing is synced: a file that a power failure cut short has the wrong checksum.
 * @param program version of the program; what another one kept is absent
 */
export function fileSolverMemory(catalogFile: string, program: string): SolverMemoryStore {
  const magic = headOf(program);
  const place = (name: string): string => `${catalogFile}.${name}`;
  return {
    decisions: async () => read(place("decisions"), magic) as KeptDecisions | undefined,
    snapshot: async () => read(place("snapshot"), magic) as KeptSnapshot | undefined,
    keepDecisions: async (decisions) => write(place("decisions"), { magic, value: decisions }),
    keepSnapshot: async (snapshot) => write(place("snapshot"), { magic, value: snapshot }),
  };
}

/** What a file holds; undefined when there is none or it is not whole. */
function read(file: string, magic: Buffer): unknown {
  const bytes = attempt(() => readFileSync(file));
  if (bytes === undefined || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const body = bytes.subarray(magic.length + 4);
  if (bytes.length < magic.length + 4 || crc32(body) !== bytes.readUInt32LE(magic.length)) return undefined;
  try {
    return deserialize(body);
  } catch (error) {
    // Whole, but of a Node.js that writes values in another way.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function write(file: string, { magic, value }: { readonly magic: Buffer; readonly value: unknown }): void {
  const body = serialize(value);
  const head = Buffer.alloc(magic.length + 4);
  magic.copy(head);
  head.writeUInt32LE(crc32(body), magic.length);
  const temporary = `${file}.${process.pid}.tmp`;
  const written = attempt(() => {
    writeFileSync(temporary, head);
    appendFileSync(temporary, body);
    renameSync(temporary, file);
    return true;
  });
  if (written === undefined) attempt(() => rmSync(temporary, { force: true }));
}

/** What the file system refuses is as if it were not there: a cache is never in the way. */
function attempt<T>(operation: () => T): T | undefined {
  try {
    return operation();
  } catch (error) {
    if (error instanceof Error && "errno" in error) return undefined;
    throw error;
  }
}
