import type { Owner } from "../../core/execution/record.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import { factsOf } from "./cache-files.ts";

/** Whose this process's files are, and who of the others still lives. */
export interface FileOwners {
  readonly own: Owner;
  readonly alive: (owner: Owner) => boolean;
}

/** A file of another machine, or of before this one was started, that nobody has touched for so long is nobody's. */
const forgottenMs = 24 * 3600 * 1000;

/** How the files of a process are named, without what stands before and behind it. */
export function ownerName(owner: Owner): string {
  return [machineOf(owner), owner.pid, owner.startTicks].join("-");
}

/** True if the process that a file is named after is gone. @param name as `ownerName` gives it, or more behind a dash */
export async function isOwnerGone(
  name: string,
  { file, owners: { own, alive } }: { readonly file: string; readonly owners: FileOwners },
): Promise<boolean> {
  const [machine, pid, startTicks] = name.split("-");
  if (machine === machineOf(own)) return !alive({ ...own, pid: Number(pid), startTicks: Number(startTicks) });
  const facts = await factsOf(file);
  return facts !== undefined && Date.now() - facts.changedMs > forgottenMs;
}

/** This machine since it was started: only then do process ids mean anything. */
function machineOf({ host, bootId }: Owner): string {
  return sha256Hex(new TextEncoder().encode(`${host}\n${bootId}`)).slice(0, 12);
}
