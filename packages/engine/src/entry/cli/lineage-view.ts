import { type Command, Option } from "commander";
import { AlmanacError } from "../../core/errors.ts";
import { countKinds, type Lineage } from "../../core/provenance/lineage.ts";
import { lineageDot, lineageMermaid, lineageTree } from "../../core/provenance/lineage-text.ts";
import { datasetSpecText } from "../../core/records/dataset-version.ts";
import type { LineageQuery } from "../../ports/lineage-catalog.ts";
import { requireNamed } from "../named-record.ts";
import type { CommandContext } from "./command.ts";
import { openFrom } from "./open.ts";
import { wholeNumber } from "./paging.ts";

/** Forms that a lineage is written in. */
const lineageFormats = ["tree", "json", "dot", "mermaid"] as const;

/** Options of `lineage` and `impact`. */
export interface LineageFlags {
  readonly format?: (typeof lineageFormats)[number];
  readonly json?: boolean;
  readonly depth?: number;
}

/** Adds what `lineage` and `impact` are asked with. */
export function withLineage(command: Command): Command {
  return command
    .argument(
      "<rid>",
      "dataset, asset, execution or value; a dataset also by id or name, authored ones @version",
    )
    .addOption(new Option("--format <format>", "form of the result").choices(lineageFormats).default("tree"))
    .option("--json", "short for --format json")
    .option("--depth <n>", "so many steps from one record to the next (default: to the end)", wholeNumber);
}

/** Follows the data flow from a record and writes what is found. */
export async function writeLineage(
  text: string,
  {
    direction,
    flags,
    context,
  }: {
    readonly direction: LineageQuery["direction"];
    readonly flags: LineageFlags;
    readonly context: CommandContext;
  },
): Promise<void> {
  await using project = await openFrom(context, { access: "read" });
  const spec = await requireNamed(text, {
    catalog: project.catalog,
    what: "dataset, asset, execution or value",
  });
  const depth = flags.depth === undefined ? {} : { depth: flags.depth };
  const lineage = await project.catalog.lineage.lineage({ ...spec, direction, ...depth });
  if (lineage === undefined)
    throw new AlmanacError(
      "UNKNOWN_NAME",
      `there is no dataset, asset, execution or value ${datasetSpecText(spec)}`,
      {
        hint: "almanac executions list, almanac assets list, almanac datasets list",
        facts: { ...spec },
      },
    );
  const format = flags.json === true ? "json" : (flags.format ?? "tree");
  context.terminal.out(`${writers[format](lineage)}\n`);
  if (format === "tree") context.terminal.err(`${countsText(lineage)}\n`);
}

const writers = {
  tree: lineageTree,
  dot: lineageDot,
  mermaid: lineageMermaid,
  json: (lineage: Lineage) =>
    JSON.stringify({ format: "almanac.lineage/1", ...lineage, counts: countKinds(lineage) }, null, 2),
} as const satisfies Record<(typeof lineageFormats)[number], (lineage: Lineage) => string>;

function countsText(lineage: Lineage): string {
  const counts = Object.entries(countKinds(lineage)).filter(([, count]) => count > 0);
  if (counts.length === 0)
    return lineage.direction === "up" ? "made from nothing that is recorded" : "nothing depends on it";
  return counts.map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : "s"}`).join(", ");
}
