import path from "node:path";
import type { Command } from "commander";
import { AlmanacError } from "../../../core/errors.ts";
import type { CacheEntry, CheckedEntry } from "../../../ports/input-cache.ts";
import { byteText, requireBytes } from "../byte-text.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";

/** `almanac cache list|size|verify|evict`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineList(command.command("list").description("list what is kept"), context);
    defineSize(command.command("size").description("say how much is kept, and how much may be"), context);
    const verify = command.command("verify").description("hash what is kept; what is damaged is removed");
    defineVerify(verify, context);
    const evict = command
      .command("evict")
      .description("remove what is kept; it is fetched again when needed");
    defineEvict(evict, context);
  },
};

const entryColumns = [
  { heading: "sha256", text: ({ sha256 }: CacheEntry) => sha256 },
  { heading: "bytes", text: ({ sizeBytes }: CacheEntry) => String(sizeBytes) },
  { heading: "last used", text: ({ usedAt }: CacheEntry) => usedAt },
];

function defineList(command: Command, context: CommandContext): void {
  withFormat(command).action(async (flags: ListingFlags) => {
    await using project = await openFrom(context, { access: "none" });
    const items = await project.remote.cache.list();
    await writeListing(
      { kind: "cache-entries", noun: "files", items, total: items.length, columns: entryColumns },
      { terminal: context.terminal, flags },
    );
  });
}

function defineSize(command: Command, context: CommandContext): void {
  withDocumentFormat(command).action(async (flags: DocumentFlags) => {
    await using project = await openFrom(context, { access: "none" });
    const { settings, remote } = project;
    const inputCache = remote.cache;
    const entries = await inputCache.list();
    const value = {
      folder: inputCache.folder,
      files: entries.length,
      sizeBytes: sumOf(entries),
      partialBytes: await inputCache.partialBytes(),
      maxBytes: settings.cache.maxBytes,
    };
    const place = path.relative(context.terminal.cwd, value.folder) || ".";
    const { files, sizeBytes, partialBytes, maxBytes } = value;
    const text = [
      `${place}: ${filesText(files)}, ${byteText(sizeBytes)} of ${byteText(maxBytes)}`,
      ...(partialBytes === 0 ? [] : [`  downloads under way or broken off: ${byteText(partialBytes)}`]),
    ].join("\n");
    writeDocument({ kind: "cache-size", value, text }, { terminal: context.terminal, flags });
  });
}

function defineVerify(command: Command, context: CommandContext): void {
  withFormat(command).action(async (flags: ListingFlags) => {
    const { terminal } = context;
    await using project = await openFrom(context, { access: "none" });
    const items: CheckedEntry[] = [];
    for await (const entry of project.remote.cache.verify(terminal.stop)) items.push(entry);
    const columns = [
      ...entryColumns.slice(0, 2),
      { heading: "state", text: ({ state }: CheckedEntry) => state },
      { heading: "found", text: ({ state, found }: CheckedEntry) => (state === "good" ? "" : found) },
    ];
    await writeListing(
      { kind: "verified-cache-entries", noun: "files", items, total: items.length, columns },
      { terminal, flags },
    );
    if (items.some(({ state }) => state === "damaged")) context.exit(9);
  });
}

interface EvictFlags extends ListingFlags {
  readonly all?: boolean;
  readonly keep?: number;
}

function defineEvict(command: Command, context: CommandContext): void {
  withFormat(command)
    .argument("[sha256...]", "files to remove, by digest or its beginning")
    .option("--all", "remove everything")
    .option(
      "--keep <size>",
      "remove what was used longest ago until the rest is no more, such as 10GB",
      requireBytes,
    )
    .action(async (digests: string[], { all = false, keep, ...flags }: EvictFlags) => {
      const keepBytes = all ? 0 : keep;
      if (digests.length > 0 === (keepBytes !== undefined))
        throw new AlmanacError("USAGE", "say what is to be removed, in one way", {
          hint: "almanac cache evict DIGEST…, --keep 10GB, or --all",
        });
      await using project = await openFrom(context, { access: "none" });
      const { cache: inputCache } = project.remote;
      const what =
        keepBytes === undefined ? { sha256: named(digests, await inputCache.list()) } : { keepBytes };
      const items = await inputCache.evict(what);
      await writeListing(
        { kind: "evicted-cache-entries", noun: "files", items, total: items.length, columns: entryColumns },
        { terminal: context.terminal, flags },
      );
    });
}

/** Shorter beginnings name too much by mistake. */
const leastDigits = 6;

function named(digests: readonly string[], entries: readonly CacheEntry[]): readonly string[] {
  return digests.map((digest) => {
    const found = entries.filter(({ sha256 }) => sha256.startsWith(digest.toLowerCase()));
    const [only] = found;
    if (only !== undefined && found.length === 1 && digest.length >= leastDigits) return only.sha256;
    const why = found.length > 1 ? `${found.length} files have a digest` : "no file has a digest";
    throw new AlmanacError("UNKNOWN_NAME", `${why} that begins with "${digest}"`, {
      hint: `almanac cache list; give ${leastDigits} digits or more`,
    });
  });
}

function sumOf(entries: readonly CacheEntry[]): number {
  return entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function filesText(count: number): string {
  return count === 1 ? "1 file" : `${count} files`;
}
