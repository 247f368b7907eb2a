import { rm, stat } from "node:fs/promises";
import path from "node:path";
import { namesIn, touch, unlessAbsent } from "./cache-files.ts";
import { type FileOwners, isOwnerGone, ownerName } from "./owned-names.ts";

/** What stands between the digest of an entry and the name of a process that has asked for it. */
const held = ".held-";

/**
 * Which processes have asked for entries: across file systems inputs are symbolic links, and an entry that one of them may
 * lead to stays until that process has ended. A hard link keeps its content whatever is evicted.
 */
export class Holds {
  readonly #owners: FileOwners;

  constructor(owners: FileOwners) {
    this.#owners = owners;
  }

  /** Notes that this process uses an entry. @param file of the entry, absolute */
  async take(file: string): Promise<void> {
    await touch(this.#ownHold(file));
  }

  /** Takes back that this process uses an entry. */
  async release(file: string): Promise<void> {
    await rm(this.#ownHold(file), { force: true });
  }

  /**
   * True while the content of an entry is nowhere else and a process that asked for it lives.
   * @param how.own whether this very process counts
   */
  async isHeld(file: string, { own }: { readonly own: boolean }): Promise<boolean> {
    if (((await unlessAbsent(() => stat(file)))?.nlink ?? 0) > 1) return false;
    const beginning = `${path.basename(file)}${held}`;
    for (const name of await namesIn(path.dirname(file))) {
      const owner = name.slice(beginning.length);
      if (!name.startsWith(beginning) || (!own && owner === ownerName(this.#owners.own))) continue;
      const hold = path.join(path.dirname(file), name);
      if (!(await isOwnerGone(owner, { file: hold, owners: this.#owners }))) return true;
      await rm(hold, { force: true });
    }
    return false;
  }

  /** Forgets who used an entry. */
  async forget(file: string): Promise<void> {
    for (const name of await namesIn(path.dirname(file)))
      if (name.startsWith(`${path.basename(file)}${held}`))
        await rm(path.join(path.dirname(file), name), { force: true });
  }

  #ownHold(file: string): string {
    return `${file}${held}${ownerName(this.#owners.own)}`;
  }
}
