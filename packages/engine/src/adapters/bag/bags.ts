import type { Bags } from "../../ports/bags.ts";
import { contentsOf } from "./bag-contents.ts";
import { statusOf } from "./bag-status.ts";
import { readTags } from "./bag-tags.ts";
import { completeBag } from "./complete-bag.ts";
import { verifyBag } from "./verify-bag.ts";
import { type BagParts, writeBag } from "./write-bag.ts";

/** Bags in folders of this machine. */
export function createBags(parts: BagParts): Bags {
  return {
    status: async (folder) => statusOf(folder),
    verify: verifyBag,
    write: (folder, bag, how) => writeBag(folder, { ...parts, ...how, bag }),
    complete: (folder, how) => completeBag(folder, { ...parts, ...how }),
    contents: async (folder) => contentsOf(readTags(folder), folder),
  };
}
