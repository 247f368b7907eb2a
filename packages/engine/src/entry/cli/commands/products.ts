import path from "node:path";
import { AlmanacError } from "../../../core/errors.ts";
import type { DiagramFormat } from "../../../core/steps/diagram.ts";
import type { StoredProduct } from "../../../core/steps/stored-products.ts";
import { size, time } from "../build-view.ts";
import { requireBytes } from "../byte-text.ts";
import type { CommandModule } from "../command.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";
import { writeOutputFile, writing } from "../output-file.ts";
import { wholeNumber } from "../paging.ts";
import { openRunner, type PipelineFlags, withPipeline } from "../pipeline-flags.ts";
import { defineInputs } from "../product-inputs.ts";

interface CollectFlags extends PipelineFlags, DocumentFlags {
  readonly keepLast?: number;
  readonly maxAge?: number;
  readonly maxSize?: number;
  readonly dryRun?: boolean;
}

interface DiagramFlags extends PipelineFlags {
  readonly as: string;
  readonly output?: string;
}

/** `almanac products list|show|inputs|gc|pin|unpin|accept|diagram|export`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withPipeline(withFormat(command.command("list", { isDefault: true }).description("list stored products")))
      .option("--all", "those of earlier configurations and code too")
      .action(async (flags: ListingFlags & PipelineFlags & { all?: boolean }) => {
        await using runner = await openRunner(context, flags);
        const pins = new Map((await runner.pins()).map((pin) => [`${pin.product} ${pin.key}`, pin.note]));
        const items = (await runner.list({ all: flags.all === true })).map((stored) => {
          const note = pins.get(`${stored.output.product} ${stored.key}`);
          return { ...itemOf(stored), pinned: note !== undefined, ...(note === undefined ? {} : { note }) };
        });
        await writeListing(
          {
            ...{ kind: "products", items, total: items.length },
            columns: [
              ...columns,
              ...(items.every(({ here }) => here) ? [] : [hereColumn]),
              ...(pins.size === 0 ? [] : [pinnedColumn]),
            ],
          },
          { terminal: context.terminal, flags },
        );
      });
    withPipeline(command.command("show").description("show steps, products and their status"))
      .option("--html", "as an HTML table")
      .action(async (flags: PipelineFlags & { html?: boolean }) => {
        await using runner = await openRunner(context, flags);
        const dag = await runner.dag();
        context.terminal.out(`${flags.html === true ? dag.toHtml() : String(dag)}\n`);
      });
    defineInputs(command, context);
    defineCollect(command, context);
    definePins(command, context);
    defineAccept(command, context);
    defineDiagram(command, context);
    defineExport(command, context);
  },
};

type Defining = (...parameters: Parameters<CommandModule["define"]>) => void;

const defineCollect: Defining = (command, context) => {
  withPipeline(
    withDocumentFormat(
      command.command("gc").description("throw away products of earlier runs; pinned and present ones stay"),
    ),
  )
    .option("--keep-last <n>", "keep so many runs of each step (default: 1)", wholeNumber)
    .option("--max-age <days>", "keep what is younger", days)
    .option("--max-size <size>", "stop when the store is this small: 500MB, 1.5 GiB or bytes", requireBytes)
    .option("--dry-run", "tell bytes and what making them again would take; remove nothing")
    .action(async (flags: CollectFlags) => {
      await using runner = await openRunner(context, flags);
      const report = await runner.collect({
        dryRun: flags.dryRun === true,
        ...(flags.keepLast === undefined ? {} : { keepLast: flags.keepLast }),
        ...(flags.maxSize === undefined ? {} : { maxBytes: flags.maxSize }),
        ...(flags.maxAge === undefined
          ? {}
          : { keepSince: new Date(Date.now() - flags.maxAge * 86_400_000).toISOString() }),
      });
      const { removed, freedBytes, keptBytes, recomputeMs, postponed } = report;
      const verb = flags.dryRun === true ? "would remove" : "removed";
      const text =
        postponed === undefined
          ? `${verb} ${removed.length} products, ${size(freedBytes)} (${time(recomputeMs)} to make again); ${size(keptBytes)} stay`
          : `nothing was removed: ${postponed}`;
      writeDocument(
        { kind: "collection", value: { ...report, removed: removed.map(itemOf) }, text },
        { terminal: context.terminal, flags },
      );
    });
};

function days(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new AlmanacError("USAGE", `"${text}" is no number of days`, { hint: "such as 30 or 0.5" });
}

const definePins: Defining = (command, context) => {
  withPipeline(command.command("pin").description("keep a product's present value whatever is collected"))
    .argument("<product>")
    .option("--note <text>", "why", "")
    .action(async (product: string, flags: PipelineFlags & { note: string }) => {
      await using runner = await openRunner(context, flags);
      await runner.pin(product, flags.note);
      context.terminal.out(`${product} is kept as it is now\n`);
    });
  withPipeline(command.command("unpin").description("take a pin away"))
    .argument("<product>")
    .action(async (product: string, flags: PipelineFlags) => {
      await using runner = await openRunner(context, flags);
      const isPinned = (await runner.pins()).some((pin) => pin.product === product);
      if (!isPinned)
        throw new AlmanacError("UNKNOWN_NAME", `product "${product}" is not pinned`, {
          hint: "almanac products list shows which are",
        });
      await runner.unpin(product);
      context.terminal.out(`${product} may be collected again\n`);
    });
};

const defineAccept: Defining = (command, context) => {
  withPipeline(command.command("accept").description("let a step's changed code count as unchanged"))
    .argument("<step>", "step or product")
    .option("--note <text>", "why (needed unless --revert)")
    .option("--revert", "take accepted changes back")
    .action(async (step: string, flags: PipelineFlags & { note?: string; revert?: boolean }) => {
      await using runner = await openRunner(context, flags);
      if (flags.revert === true) {
        context.terminal.out(`${await runner.revert(step)} accepted changes of ${step} taken back\n`);
        return;
      }
      if (flags.note === undefined)
        throw new AlmanacError("USAGE", "an accepted change needs a note", {
          hint: 'almanac products accept STEP --note "only renamed"',
        });
      await runner.accept(step, flags.note);
      context.terminal.out(`the changed code of ${step} counts as unchanged\n`);
    });
};

const defineExport: Defining = (command, context) => {
  withPipeline(
    command
      .command("export")
      .description("write a product to a file or folder; it is made if it is not fresh"),
  )
    .argument("<product>")
    .argument("<path>")
    .action(async (product: string, target: string, flags: PipelineFlags) => {
      await using runner = await openRunner(context, flags);
      const { stop, cancel } = context.terminal;
      const value = await runner.get(product, { signal: stop, cut: cancel });
      const place = path.resolve(context.terminal.cwd, target);
      const { copyProduct, isFileProduct } = await import("../../../adapters/codecs/file-codecs.ts");
      if (isFileProduct(value)) writing(place, () => copyProduct(value, place));
      else if (typeof value === "string" || value instanceof Uint8Array) writeOutputFile(place, value);
      else writeOutputFile(place, `${JSON.stringify(value, plainJson, 2) ?? "null"}\n`);
    });
};

/** Lists for typed arrays and sets, pairs for maps, text for bigints. */
function plainJson(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Map || value instanceof Set) return [...value];
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as Float64Array)
    : value;
}

const diagramFormats: readonly string[] = ["svg", "dot", "mermaid"];

const defineDiagram: Defining = (command, context) => {
  withPipeline(command.command("diagram").description("draw the pipeline, coloured by status"))
    .option("--as <format>", "svg, dot or mermaid", "svg")
    .option("--output <file>", "write it there instead of stdout")
    .action(async (flags: DiagramFlags) => {
      if (!diagramFormats.includes(flags.as))
        throw new AlmanacError("USAGE", `unknown format "${flags.as}"`, {
          hint: `formats: ${diagramFormats.join(", ")}`,
        });
      await using runner = await openRunner(context, flags);
      const text = await runner.diagram({ format: flags.as as DiagramFormat });
      if (flags.output === undefined) context.terminal.out(text);
      else writeOutputFile(path.resolve(context.terminal.cwd, flags.output), text);
    });
};

function itemOf({ step, output, at, durationMs, key, current, here }: StoredProduct) {
  const { product, codec, bytes, digest } = output;
  return { product, step: step ?? null, codec, bytes, digest, key, at, durationMs, current, here };
}

type Item = ReturnType<typeof itemOf>;

const columns = [
  { heading: "product", text: ({ product }: Item) => product },
  { heading: "step", text: ({ step }: Item) => step ?? "(saved)" },
  { heading: "kind", text: ({ codec }: Item) => codec },
  { heading: "size", text: ({ bytes }: Item) => size(bytes) },
  { heading: "made", text: ({ at }: Item) => at },
  { heading: "took", text: ({ durationMs }: Item) => time(durationMs) },
  { heading: "key", text: ({ key }: Item) => key.slice(0, 12) },
];

const pinnedColumn = {
  heading: "pinned",
  text: ({ pinned, note = "" }: { readonly pinned: boolean; readonly note?: string }) =>
    pinned ? (note === "" ? "yes" : note) : "",
};

const hereColumn = {
  heading: "bytes",
  text: ({ here }: { readonly here: boolean }) => (here ? "here" : "not here"),
};
