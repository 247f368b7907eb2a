import { chmodSync, lstatSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { payloadFolder } from "../../core/records/bag-paths.ts";
import type { BringHow, NewBag, PayloadFile, WrittenBag } from "../../ports/bags.ts";
import { type DurableObserver, observedAsync } from "../../ports/durable.ts";
import type { InputCache } from "../../ports/input-cache.ts";
import { bagFileError } from "./bag-errors.ts";
import { bagTexts, tagManifestFile } from "./bag-texts.ts";
import { bringAll } from "./bring-files.ts";
import { makeBuildFolder, removeLeftOvers } from "./build-folder.ts";
import { bringFile, makeFolders, placeInBag, syncPath } from "./place-payload.ts";

/** What writing bags needs of the outside. */
export interface BagParts {
  readonly observer: DurableObserver;
  /** What is elsewhere comes by it. */
  readonly cache: Pick<InputCache, "fetch">;
}

/** Writes a bag, or brings what an equal one lacks. See `Bags.write`. */
export async function writeBag(
  folder: string,
  { bag, ...parts }: BagParts & BringHow & { readonly bag: NewBag },
): Promise<WrittenBag> {
  const texts = bagTexts(bag);
  const there = lstatSync(folder, { throwIfNoEntry: false });
  const isEmpty = there?.isDirectory() === true && readdirSync(folder).length === 0;
  if (there !== undefined && !isEmpty) {
    requireSame(folder, texts);
    const lacking = toBring(bag).filter((file) => !isThere(folder, file));
    if (lacking.length === 0) {
      removeLeftOvers(folder);
      return "kept";
    }
    await bringInto(folder, { files: lacking, ...parts });
    return "completed";
  }
  using building = makeBuildFolder(folder);
  const { path } = building;
  try {
    await observedAsync(parts.observer, "bags.build", () => build(path, { bag, texts, ...parts }));
    await observedAsync(parts.observer, "bags.place", async () => {
      renameSync(path, folder);
      await syncPath(dirname(folder));
    });
    return "written";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTEMPTY") throw otherContent(folder);
    throw bagFileError(error, `write the bag ${folder}`);
  }
}

/** Brings files into a bag that is there, each under its name only once it is what it must be. */
export async function bringInto(
  folder: string,
  { files, observer, ...how }: BagParts & BringHow & { readonly files: readonly PayloadFile[] },
): Promise<void> {
  using building = makeBuildFolder(folder);
  const { path } = building;
  await bringAll(files, async (file, at) => {
    const temporary = join(path, String(at));
    await bringFile(file, { temporary, ...how });
    await observedAsync(observer, "bags.fetch", () => placeInBag(folder, { place: file.place, temporary }));
  });
}

async function build(
  path: string,
  {
    bag,
    texts,
    ...how
  }: BagParts & BringHow & { readonly bag: NewBag; readonly texts: ReadonlyMap<string, string> },
): Promise<void> {
  const files = toBring(bag);
  // The folder of the payload is there even if nothing is in it.
  const places = [...texts.keys(), ...files.map(({ place }) => place), `${payloadFolder}/none`];
  const folders = makeFolders(path, places);
  await bringAll(files, (file) => bringFile(file, { temporary: join(path, file.place), ...how }));
  for (const [name, text] of texts) {
    const file = join(path, name);
    writeFileSync(file, text, { flag: "wx", mode: 0o444 });
    await syncPath(file);
  }
  for (const each of folders.toReversed()) await syncPath(each);
  // Folders made for oneself only would be of no use to others.
  chmodSync(path, 0o777 & ~process.umask());
}

function toBring({ files }: NewBag): readonly PayloadFile[] {
  return files.filter(({ bring }) => bring);
}

function isThere(folder: string, { place, sizeBytes }: PayloadFile): boolean {
  const found = lstatSync(join(folder, place), { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === (sizeBytes ?? found.size);
}

/** @throws CONFLICT when a folder does not say what the bag to be written says */
function requireSame(folder: string, texts: ReadonlyMap<string, string>): void {
  const name = tagManifestFile;
  try {
    if (readFileSync(join(folder, name), "utf8") === texts.get(name)) return;
  } catch (error) {
    const translated = bagFileError(error, `read ${join(folder, name)}`);
    if (!["ENOENT", "ENOTDIR"].includes(String(translated.facts["errno"]))) throw translated;
  }
  throw otherContent(folder);
}

function otherContent(folder: string): AlmanacError {
  return new AlmanacError("CONFLICT", `${folder} is there already and is not this bag`, {
    hint: "name another folder, or remove this one; features that were added since make another bag",
    facts: { folder },
  });
}
