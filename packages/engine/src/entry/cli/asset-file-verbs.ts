import { statSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { addAsset } from "../../app/records/add-asset.ts";
import { transferProgress } from "../../app/transfer-progress.ts";
import { AlmanacError } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type { Asset } from "../../core/records/asset.ts";
import { type AssetHow, downloadAsset, type VerifiedAsset, verifyAsset } from "../asset-files.ts";
import type { Project } from "../project.ts";
import { requireAsset } from "../require-asset.ts";
import { systemClock } from "../system-clock.ts";
import { bytesOf } from "./byte-text.ts";
import type { CommandContext } from "./command.ts";
import { openFrom } from "./open.ts";
import { type ListingFlags, withFormat, writeListing } from "./output.ts";
import { type Progress, progressSink } from "./progress.ts";
import { parameterOf } from "./run-view.ts";

/** `almanac assets add`, `verify` and `download`: what has to do with the bytes of assets. */
export function defineAssetFileVerbs(command: Command, context: CommandContext): void {
  defineAdd(command.command("add").description("register a file that lies elsewhere, by its URL"), context);
  defineVerify(command.command("verify").description("hash the files of assets again"), context);
  defineDownload(command.command("download").description("copy the file of an asset, checked"), context);
}

interface AddFlags {
  readonly sha256: string;
  readonly size: number;
  readonly kind?: string;
  readonly name?: string;
  readonly type?: readonly string[];
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, Json>>;
}

function defineAdd(command: Command, context: CommandContext): void {
  command
    .argument("<url>", "http:, https: or file:; it is fetched by whoever uses it")
    .requiredOption("--sha256 <digest>", "SHA-256 of its content")
    .requiredOption("--size <bytes>", "size of its content in bytes", sizeOf)
    .option("--kind <kind>", "asset kind (default: file)")
    .option("--name <name>", "file name (default: the last part of the URL)")
    .option("--type <type...>", "terms of the vocabulary Asset_Type (default: the kind's name)")
    .option("--metadata <name=value>", "one metadata column; the value is JSON, else text", parameterOf)
    .option("--description <text>", "what it is, in Markdown")
    .action(async (url: string, { size: sizeBytes, name, type, ...given }: AddFlags) => {
      await using project = await openFrom(context, { access: "write" });
      const names = {
        ...(name === undefined ? {} : { fileName: name }),
        ...(type === undefined ? {} : { types: type }),
      };
      const asset = await addAsset({ ...given, ...names, url, sizeBytes }, project.catalog);
      context.terminal.out(`${asset.rid}  ${asset.kind}  ${asset.fileName}  ${asset.sizeBytes} bytes\n`);
    });
}

function sizeOf(text: string): number {
  const bytes = bytesOf(text);
  if (bytes !== undefined) return bytes;
  throw new AlmanacError("USAGE", `"${text}" is no size`, { hint: "bytes, such as 1234567" });
}

function defineVerify(command: Command, context: CommandContext): void {
  withFormat(command)
    .argument("[rid...]", "assets (default: all)")
    .action(async (texts: string[], flags: ListingFlags) => {
      const { terminal } = context;
      using progress = progressSink(context);
      await using project = await openFrom(context, { access: "read" });
      const { assets } = project.catalog;
      const asked =
        texts.length === 0
          ? (await assets.list({})).items
          : await Promise.all(texts.map((text) => requireAsset(text, assets)));
      const how = howOf({ project, progress, signal: terminal.stop });
      const items: VerifiedAsset[] = [];
      for (const asset of asked) items.push(await verifyAsset(asset, how));
      progress.end();
      const listing = { kind: "verified-assets", noun: "assets", items, total: items.length };
      await writeListing({ ...listing, columns: verifiedColumns }, { terminal, flags });
      if (items.some(({ state }) => state !== "good")) context.exit(9);
    });
}

const verifiedColumns = [
  { heading: "rid", text: ({ rid }: VerifiedAsset) => rid },
  { heading: "file", text: ({ fileName }: VerifiedAsset) => fileName },
  { heading: "state", text: ({ state }: VerifiedAsset) => state },
  { heading: "reason", text: ({ reason }: VerifiedAsset) => reason },
];

function defineDownload(command: Command, context: CommandContext): void {
  command
    .argument("<rid>", "asset")
    .argument("[target]", "file or folder (default: its name, here)")
    .option("-o, --output <target>", "the same as target")
    .action(async (text: string, target: string | undefined, { output }: { readonly output?: string }) => {
      const { cwd, stop, out } = context.terminal;
      using progress = progressSink(context);
      await using project = await openFrom(context, { access: "read" });
      const asset = await requireAsset(text, project.catalog.assets);
      const asked = path.resolve(cwd, target ?? output ?? ".");
      const isFolder = statSync(asked, { throwIfNoEntry: false })?.isDirectory() === true;
      const file = isFolder ? path.join(asked, asset.fileName) : asked;
      await downloadAsset(asset, { ...howOf({ project, progress, signal: stop }), target: file });
      progress.end();
      out(`${path.relative(cwd, file)}\n`);
    });
}

function howOf({
  project,
  progress,
  signal,
}: {
  readonly project: Project;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}): AssetHow {
  const { emit } = progress;
  const telling = (asset: Asset) =>
    transferProgress({ phase: "download", totalBytes: asset.sizeBytes, emit, clock: systemClock })(asset.url);
  return { places: project, signal, progress: telling };
}
