import type { Command } from "commander";
import { AlmanacError } from "../../core/errors.ts";
import type { ColumnType } from "../../core/records/asset-kind.ts";
import type { Column } from "../../core/records/column.ts";

/** How columns are given on a command line. */
export interface ColumnFlags {
  readonly value?: readonly string[];
  readonly term?: readonly string[];
  readonly asset?: readonly string[];
  readonly record?: readonly string[];
  readonly dataset?: readonly string[];
  readonly optional?: readonly string[];
}

const types = ["text", "number", "boolean", "json"] as const satisfies readonly ColumnType[];

/** Adds the options that give the columns of a feature. */
export function withColumns(command: Command): Command {
  return command
    .option(
      "--value <name:type...>",
      `columns that hold values of type ${types.join(", ")}; number:UNITS has units`,
    )
    .option("--term <name:vocabulary...>", "columns that hold terms")
    .option("--asset <name...>", "columns that hold assets; name:KIND of one kind")
    .option("--optional <name...>", "columns that may be empty");
}

/**
 * The columns that flags give: values, terms, assets, records, datasets, each in the order given.
 * @throws USAGE when one is not written as the help says, or an optional one is not among them
 */
export function columnsOf(flags: ColumnFlags): readonly Column[] {
  const optional = new Set(flags.optional);
  const frame = (name: string) => ({ name, required: !optional.delete(name) });
  const columns: readonly Column[] = [
    ...parts(flags.value).map(([name, type, ...units]): Column => {
      const held = { ...frame(name), holds: "value" as const, type: requireType(name, type) };
      return units.length === 0 ? held : { ...held, units: units.join(":") };
    }),
    ...parts(flags.term).map(
      ([name, vocabulary]): Column => ({
        ...{ ...frame(name), holds: "term" },
        vocabulary: requirePart(vocabulary, `--term ${name}:VOCABULARY`),
      }),
    ),
    ...parts(flags.asset).map(
      ([name, assetKind]): Column => ({
        ...{ ...frame(name), holds: "asset" },
        ...(assetKind === undefined ? {} : { assetKind }),
      }),
    ),
    ...parts(flags.record).map(
      ([name, recordType]): Column => ({
        ...{ ...frame(name), holds: "record" },
        recordType: requirePart(recordType, `--record ${name}:TYPE`),
      }),
    ),
    ...parts(flags.dataset).map(([name]): Column => ({ ...frame(name), holds: "dataset" })),
  ];
  const [unknown] = optional;
  if (unknown === undefined) return columns;
  throw new AlmanacError("USAGE", `--optional names "${unknown}", which is no column`, {
    hint: `columns: ${columns.map(({ name }) => name).join(", ")}`,
  });
}

function parts(given: readonly string[] = []): readonly (readonly [string, ...string[]])[] {
  return given.map((each) => {
    const [name = "", ...rest] = each.split(":");
    return [name, ...rest];
  });
}

function requirePart(part: string | undefined, form: string): string {
  if (part !== undefined && part !== "") return part;
  throw new AlmanacError("USAGE", "a column is not complete", { hint: `write it as ${form}` });
}

function requireType(name: string, type: string | undefined): ColumnType {
  const found = types.find((each) => each === type);
  if (found !== undefined) return found;
  throw new AlmanacError("USAGE", `the column "${name}" has no type "${type ?? ""}"`, {
    hint: `write it as --value ${name}:TYPE, of the types ${types.join(", ")}`,
  });
}

/** A column in the form that the flags have, `!` after required ones. */
export function columnText(column: Column): string {
  const about = {
    value: (each: Extract<Column, { holds: "value" }>) =>
      each.units === undefined ? each.type : `${each.type}:${each.units}`,
    term: (each: Extract<Column, { holds: "term" }>) => each.vocabulary,
    asset: (each: Extract<Column, { holds: "asset" }>) => each.assetKind ?? "asset",
    record: (each: Extract<Column, { holds: "record" }>) => each.recordType,
    dataset: () => "dataset",
  }[column.holds] as (each: Column) => string;
  return `${column.name}:${about(column)}${column.required ? "!" : ""}`;
}
