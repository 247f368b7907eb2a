import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { PayloadFile } from "../../ports/bags.ts";

/** Files brought at a time: their waiting for the disk or a server is shared. */
const atOnce = 8;

/** Errors of one file that do not keep others from being brought. */
const ofOneFile = [
  "FILE_MISSING",
  "ARTIFACT_INVALID",
  "DOWNLOAD_FAILED",
  "DOWNLOAD_REFUSED",
  "BAG_INVALID",
] as const;

/**
 * Brings files, several at a time. One that cannot be brought keeps none of the others from being brought.
 * @throws the error of the first that could not be brought, naming all of them
 * @throws at once what would be the same for every file, such as a full disk
 */
export async function bringAll(
  files: readonly PayloadFile[],
  bring: (file: PayloadFile, at: number) => Promise<void>,
): Promise<void> {
  const failed: AlmanacError[] = [];
  let next = 0;
  let fatal = false;
  const work = async (): Promise<void> => {
    for (let at = next++; at < files.length && !fatal; at = next++)
      try {
        await bring(files[at] as PayloadFile, at);
      } catch (error) {
        if (isAlmanacError(error, ...ofOneFile)) failed.push(error);
        else {
          fatal = true;
          throw error;
        }
      }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, files.length) }, work));
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  const [first] = failed;
  if (first !== undefined) throw failed.length === 1 ? first : together(first, failed);
}

/** Problems that a message names. */
const named = 10;

function together(first: AlmanacError, failed: readonly AlmanacError[]): AlmanacError {
  const messages = failed.slice(0, named).map(({ message }) => message);
  const more = failed.length > named ? `; and ${failed.length - named} more` : "";
  return new AlmanacError(
    first.code,
    `${failed.length} files could not be brought: ${messages.join("; ")}${more}`,
    { ...(first.hint === undefined ? {} : { hint: first.hint }), cause: first },
  );
}
