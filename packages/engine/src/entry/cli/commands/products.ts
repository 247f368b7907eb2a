import { writeFileSync } from "node:fs";
import path from "node:path";
import { AlmanacError } from "../../../core/errors.ts";
import type { DiagramFormat } from "../../../core/steps/diagram.ts";
import type { StoredProduct } from "../../../core/steps/stored-products.ts";
import { size, time } from "../build-view.ts";
import type { CommandModule } from "../command.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";
import { wholeNumber } from "../paging.ts";
import { openRunner, type PipelineFlags, withPipeline } from "../pipeline-flags.ts";

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

/** `almanac products list|show|gc|pin|unpin|accept|diagram|export`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withPipeline(withFormat(command.command("list", { isDefault: true }).description("list stored products")))
      .option("--all", "those of earlier configurations and code too")
      .action(async (flags: ListingFlags & PipelineFlags & { all?: boolean }) => {
        await using runner = await openRunner(context, flags);
        const items = (await runner.list({ all: flags.all === true })).map(itemOf);
        await writeListing(
          { kind: "products", items, total: items.length, columns },
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
    .option("--max-age <days>", "keep what is younger", Number)
    .option("--max-size <bytes>", "stop when the store is this small", Number)
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

const definePins: Defining = (command, context) => {
  withPipeline(command.command("pin").description("keep a product's present value whatever is collected"))
    .argument("<product>")
    .option("--note <text>", "why", "")
    .action(async (product: string, flags: PipelineFlags & { note: string }) => {
      await using runner = await openRunner(context, flags);
      await runner.pin(product, flags.note);
    });
  withPipeline(command.command("unpin").description("take a pin away"))
    .argument("<product>")
    .action(async (product: string, flags: PipelineFlags) => {
      await using runner = await openRunner(context, flags);
      await runner.unpin(product);
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
      if (isFileProduct(value)) copyProduct(value, place);
      else if (typeof value === "string" || value instanceof Uint8Array) writeFileSync(place, value);
      else writeFileSync(place, `${JSON.stringify(value, plainJson, 2)}\n`);
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
      else writeFileSync(path.resolve(context.terminal.cwd, flags.output), text);
    });
};

function itemOf({ step, output, at, durationMs, key, current }: StoredProduct) {
  const { product, codec, bytes, digest } = output;
  return { product, step: step ?? null, codec, bytes, digest, key, at, durationMs, current };
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
