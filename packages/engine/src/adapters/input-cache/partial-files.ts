import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Owner } from "../../core/execution/record.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import { factsOf, makeFolder, namesIn, unlessAbsent } from "./cache-files.ts";

/** Who writes partial files, and who of the others still lives. */
export interface PartialOwners {
  readonly own: Owner;
  readonly alive: (owner: Owner) => boolean;
}

/** A download of another machine, or of before this one was started, that nobody has touched for so long is over. */
const forgottenMs = 24 * 3600 * 1000;

/** Files of downloads that are under way: each belongs to one cache of one process, whose name it bears. */
export class PartialFiles {
  readonly #folder: string;
  readonly #owners: PartialOwners;
  /** Tells the caches of one process apart. */
  readonly #token = randomUUID().slice(0, 8);

  constructor(folder: string, owners: PartialOwners) {
    this.#folder = folder;
    this.#owners = owners;
  }

  /** The file of this process for a content: one that a dead process left is taken over. */
  async take(sha256: string): Promise<string> {
    await makeFolder(this.#folder);
    const own = path.join(this.#folder, `${sha256}.${nameOf(this.#owners.own)}-${this.#token}`);
    if ((await factsOf(own)) !== undefined) return own;
    for (const name of await namesIn(this.#folder)) {
      if (!name.startsWith(`${sha256}.`) || !(await this.#isAbandoned(name))) continue;
      // Another process may take it over first; then it is gone.
      const taken = await unlessAbsent(async () => {
        await rename(path.join(this.#folder, name), own);
        return true;
      });
      if (taken === true) break;
    }
    return own;
  }

  /** Bytes of all of them. */
  async bytes(): Promise<number> {
    const facts = await Promise.all(
      (await namesIn(this.#folder)).map((name) => factsOf(path.join(this.#folder, name))),
    );
    return facts.reduce((sum, each) => sum + (each?.sizeBytes ?? 0), 0);
  }

  /** Removes those of dead processes. */
  async removeAbandoned(): Promise<void> {
    for (const name of await namesIn(this.#folder))
      if (await this.#isAbandoned(name)) await rm(path.join(this.#folder, name), { force: true });
  }

  async #isAbandoned(name: string): Promise<boolean> {
    const { own, alive } = this.#owners;
    const [machine, pid, startTicks] = name.slice(name.indexOf(".") + 1).split("-");
    if (machine === machineOf(own))
      return !alive({ ...own, pid: Number(pid), startTicks: Number(startTicks) });
    const facts = await factsOf(path.join(this.#folder, name));
    return facts !== undefined && Date.now() - facts.changedMs > forgottenMs;
  }
}

function nameOf(owner: Owner): string {
  return [machineOf(owner), owner.pid, owner.startTicks].join("-");
}

/** This machine since it was started: only then do process ids mean anything. */
function machineOf({ host, bootId }: Owner): string {
  return sha256Hex(new TextEncoder().encode(`${host}\n${bootId}`)).slice(0, 12);
}
