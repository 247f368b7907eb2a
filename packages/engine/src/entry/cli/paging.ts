import { type Command, InvalidArgumentError } from "commander";
import { AlmanacError, type ErrorCode } from "../../core/errors.ts";

/** Options of listings that may be long. */
export interface PagingFlags {
  readonly limit?: number;
  readonly offset?: number;
  readonly requireMatch?: boolean;
}

/** How a listing's selectors are written. */
export const selectorHelp = "facet=a,b (any of them), facet!=a, facet=a*, type.facet=a; all are to be met";

/** Adds `--limit`, `--offset` and `--require-match`. */
export function withPaging(command: Command): Command {
  return command
    .option("--limit <n>", "at most so many", wholeNumber)
    .option("--offset <n>", "leave out the first so many", wholeNumber)
    .option("--require-match", "exit 10 when nothing matches");
}

/** Reads a whole number ≥ 0. @throws InvalidArgumentError otherwise, to which commander adds the option's name */
export function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is not a whole number.");
}

/** Reads a whole number ≥ 1. @throws InvalidArgumentError otherwise, to which commander adds the option's name */
export function oneOrMore(text: string): number {
  if (/^0*[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is not a whole number of 1 or more.");
}

/** Reads a number of seconds > 0. @throws InvalidArgumentError otherwise, to which commander adds the option's name */
export function seconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("It is not a number of seconds above 0.");
}

/** The limits to hand to a port. */
export function limits({ offset, limit }: PagingFlags): {
  readonly offset?: number;
  readonly limit?: number;
} {
  return { ...(offset === undefined ? {} : { offset }), ...(limit === undefined ? {} : { limit }) };
}

/**
 * Holds a listing to `--require-match`.
 * @throws NO_MATCH when the flag is given and nothing matched
 */
export function requireMatch(total: number, flags: Pick<PagingFlags, "requireMatch">): void {
  const code: ErrorCode = "NO_MATCH";
  if (flags.requireMatch === true && total === 0)
    throw new AlmanacError(code, "nothing matched", { hint: "loosen the selectors" });
}
