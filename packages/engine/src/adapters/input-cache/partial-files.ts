import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { factsOf, makeFolder, namesIn, unlessAbsent } from "./cache-files.ts";
import { type FileOwners, isOwnerGone, ownerName } from "./owned-names.ts";

/** Files of downloads that are under way: each belongs to one cache of one process, whose name it bears. */
export class PartialFiles {
  readonly #folder: string;
  readonly #owners: FileOwners;
  /** Tells the caches of one process apart. */
  readonly #token = randomUUID().slice(0, 8);

  constructor(folder: string, owners: FileOwners) {
    this.#folder = folder;
    this.#owners = owners;
  }

  /** The file of this process for a content: one that a dead process left is taken over. */
  async take(sha256: string): Promise<string> {
    await makeFolder(this.#folder);
    const own = path.join(this.#folder, `${sha256}.${ownerName(this.#owners.own)}-${this.#token}`);
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
    const file = path.join(this.#folder, name);
    return isOwnerGone(name.slice(name.indexOf(".") + 1), { file, owners: this.#owners });
  }
}
