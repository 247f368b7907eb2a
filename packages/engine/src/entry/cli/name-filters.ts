import type { Command } from "commander";

/** Options that choose providers and diagnostics by name. */
export interface NameFlags {
  readonly provider?: readonly string[];
  readonly diagnostic?: readonly string[];
  readonly exact?: boolean;
}

/** The same as a catalog's queries take it. */
export interface NameQuery {
  readonly provider?: readonly string[];
  readonly diagnostic?: readonly string[];
  readonly exactNames?: boolean;
}

/** Gathers an option's words; each may be several, separated by commas. */
export const manyNames = (word: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  ...word.split(",").filter((part) => part !== ""),
];

/** Adds `--provider`, `--diagnostic` and `--exact`. */
export function withNameFilters(command: Command): Command {
  return command
    .option("--provider <text>", "providers whose slug contains it, in any case (several: any)", manyNames)
    .option(
      "--diagnostic <text>",
      "diagnostics whose slug contains it, in any case (several: any)",
      manyNames,
    )
    .option("--exact", "--provider and --diagnostic are whole slugs");
}

/** What the flags ask of a catalog. */
export function nameQuery({ provider, diagnostic, exact }: NameFlags): NameQuery {
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(diagnostic === undefined ? {} : { diagnostic }),
    ...(exact === true ? { exactNames: true } : {}),
  };
}
