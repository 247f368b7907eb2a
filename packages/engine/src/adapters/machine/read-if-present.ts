import { readdir, readFile } from "node:fs/promises";

/** A file or folder that is not there, or that this user may not see. */
const absent: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "EINVAL", "EIO"]);

async function ifPresent<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    if (absent.has((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** Text of a file; undefined when it is not there or not ours to read. */
export async function textIfPresent(file: string): Promise<string | undefined> {
  return ifPresent(() => readFile(file, "utf8"));
}

/** Names in a folder; none when it is not there or not ours to read. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await ifPresent(() => readdir(folder))) ?? [];
}
