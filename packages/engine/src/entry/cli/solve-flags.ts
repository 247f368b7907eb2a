import type { Command } from "commander";
import type { SolveOptions } from "../../core/solver/options.ts";
import { manyNames, type NameFlags, withNameFilters } from "./name-filters.ts";
import { seconds, wholeNumber } from "./paging.ts";

/** Options that choose what a plan or solve looks at. */
export interface SolveFlags extends NameFlags {
  readonly exclude?: readonly string[];
  readonly dataset?: readonly string[];
  readonly limit?: number;
  readonly onePerProvider?: boolean;
  readonly onePerDiagnostic?: boolean;
  readonly rerunFailed?: boolean;
  readonly open?: boolean;
  readonly requireMatch?: boolean;
  readonly strict?: boolean;
  readonly timeout?: number;
}

const whole = (word: string, previous: readonly string[] = []): readonly string[] => [...previous, word];

/** Adds the options shared by `plan`, `solve` and `explain`. */
export function withSolveFlags(command: Command): Command {
  return withNameFilters(command)
    .option("--exclude <slug>", "leave out a diagnostic: slug or provider/slug", manyNames)
    .option(
      "--dataset <selector>",
      "groups that hold such a dataset: facet=a,b facet!=a facet=a* type.facet=a",
      whole,
    )
    .option("--limit <n>", "at most so many runs", wholeNumber)
    .option("--one-per-provider", "one run for each provider")
    .option("--one-per-diagnostic", "one run for each diagnostic")
    .option("--rerun-failed", "run what failed before once more")
    .option("--no-open", "do not open files that are known from their path only")
    .option("--require-match", "exit 10 when no group is left to decide about")
    .option("--strict", "exit 5 when a requirement is unsatisfied");
}

/** Adds the option of commands that wait. */
export function withTimeout(command: Command): Command {
  return command.option("--timeout <seconds>", "stop waiting after so long (default: never)", seconds);
}

/** The solver's options that the flags ask for. */
export function solveOptions(flags: SolveFlags): SolveOptions {
  return {
    ...(flags.provider === undefined ? {} : { providers: flags.provider }),
    ...(flags.diagnostic === undefined ? {} : { diagnostics: flags.diagnostic }),
    ...(flags.exact === true ? { exactNames: true } : {}),
    ...(flags.exclude === undefined ? {} : { exclude: flags.exclude }),
    ...(flags.dataset === undefined ? {} : { datasets: flags.dataset }),
    ...(flags.limit === undefined ? {} : { limit: flags.limit }),
    onePerProvider: flags.onePerProvider === true,
    onePerDiagnostic: flags.onePerDiagnostic === true,
    rerunFailed: flags.rerunFailed === true,
  };
}
