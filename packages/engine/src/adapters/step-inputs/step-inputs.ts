import { createHash } from "node:crypto";
import { type BigIntStats, createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { digestOf } from "../../core/identity/digest.ts";
import type { StepInputs } from "../../ports/step-inputs.ts";
import { createDigestMemory, type DigestMemory } from "./digest-memory.ts";

/** Where digests of files are remembered, and what the environment is. */
export interface StepInputsOptions {
  /** File to remember digests in; without it they are remembered for this process. */
  readonly memory?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Files and environment of this machine. */
export function createStepInputs({ memory, environment }: StepInputsOptions): StepInputs {
  const known = createDigestMemory(memory);
  return {
    digest: (path) => digestOfPath(path, known),
    environment: (name) => {
      if (name === "node") return process.version;
      if (name === "platform") return process.platform;
      if (name === "arch") return process.arch;
      return environment[name] ?? "absent";
    },
  };
}

async function digestOfPath(path: string, known: DigestMemory): Promise<string> {
  try {
    const stats = await stat(path, { bigint: true });
    if (stats.isDirectory()) return await digestOfFolder(path, known);
    return await digestOfFile(path, stats, known);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return "absent";
    if (code === undefined) throw error;
    throw new AlmanacError("FILE_UNREADABLE", `cannot read ${path}, which a step declares: ${message}`, {
      hint: "make it readable, or declare other files",
      facts: { path },
      cause: error,
    });
  }
}

async function digestOfFolder(folder: string, known: DigestMemory): Promise<string> {
  const names = (await readdir(folder)).sort(compareCodeUnits);
  const entries: [string, string][] = [];
  for (const name of names) entries.push([name, await digestOfPath(join(folder, name), known)]);
  return digestOf(["folder", entries]);
}

// allow-parameters: the file, what is known of it, and of files before
async function digestOfFile(path: string, stats: BigIntStats, known: DigestMemory): Promise<string> {
  const before = known.get(stats);
  if (before !== undefined) return before;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const digest = hash.digest("hex");
  known.set(stats, digest);
  return digest;
}
