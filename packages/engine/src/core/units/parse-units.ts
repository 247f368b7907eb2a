import { AlmanacError } from "../errors.ts";
import { multiply, one, power, type Unit } from "./unit.ts";
import { lookUpUnit } from "./unit-table.ts";

/** One piece of a units text. */
type Token =
  | { readonly kind: "unit"; readonly unit: Unit }
  | { readonly kind: "divide" | "multiply" | "open" }
  | { readonly kind: "close"; readonly exponent: number };

const tokenText =
  /\s*(?:(\*(?!\*)|[.·]|\/|per(?=\s)|\()|(\))(?:(?:\^|\*\*)?([+-]?\d+))?|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)(?:(?:\^|\*\*)([+-]?\d+))?|([a-zA-Zµμ°%][a-zA-Z]*(?:_[a-zA-Z]+)*)(?:(?:\^|\*\*)?([+-]?\d+))?(?!\.?\d))\s*/y;

/**
 * Reads units as climate files spell them: `kg m-2 s-1`, `W/m^2`, `m**2`, `0.001`, `degC`, `%`, `1e3 kg m-3`. A blank, `.`
 * and `*` multiply, `/` and `per` divide by the next factor alone, exponents are whole numbers, and the empty text is 1.
 * Units of a time axis (`days since …`) are none of these; see `timeScale`.
 * @throws UNITS_INVALID when the text has another form or holds an unknown unit
 * @source UDUNITS-2 grammar, the subset used by CF standard names and the CMIP data requests
 */
export function parseUnits(text: string): Unit {
  if (/\bsince\b/i.test(text))
    throw invalid(text, "it is a time axis, not a quantity", "decode it with its calendar instead");
  const tokens = tokenize(text);
  if (tokens.length === 0) return one;
  const { unit, next } = parseProduct(text, tokens, 0);
  if (next !== tokens.length) throw invalid(text, "a parenthesis is closed that was not opened");
  return unit;
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trim();
  tokenText.lastIndex = 0;
  for (let at = 0; at < trimmed.length; at = tokenText.lastIndex) {
    tokenText.lastIndex = at;
    const match = tokenText.exec(trimmed);
    if (match === null) throw invalid(text, `"${trimmed.slice(at)}" is not understood`);
    tokens.push(tokenOf(text, match));
  }
  return tokens;
}

function tokenOf(text: string, match: RegExpExecArray): Token {
  const [, sign, close, closePower, number, numberPower, name, namePower] = match;
  if (close !== undefined) return { kind: "close", exponent: Number(closePower ?? 1) };
  if (number !== undefined)
    return { kind: "unit", unit: power({ ...one, scale: Number(number) }, Number(numberPower ?? 1)) };
  if (name === undefined) return { kind: signKind(sign) };
  const unit = lookUpUnit(name);
  if (unit === undefined) throw invalid(text, `"${name}" is not a known unit`);
  return { kind: "unit", unit: power(unit, Number(namePower ?? 1)) };
}

function signKind(sign: string | undefined): "divide" | "multiply" | "open" {
  if (sign === "(") return "open";
  return sign === "/" || sign === "per" ? "divide" : "multiply";
}

interface Parsed {
  readonly unit: Unit;
  readonly next: number;
}

/** A product of factors up to the end or a closing parenthesis; the first factor alone keeps its offset. */
function parseProduct(text: string, tokens: readonly Token[], from: number): Parsed {
  let { unit, next } = parseFactor(text, tokens, from);
  for (let token = tokens[next]; token !== undefined && token.kind !== "close"; token = tokens[next]) {
    const signed = token.kind === "divide" || token.kind === "multiply";
    const factor = parseFactor(text, tokens, signed ? next + 1 : next);
    unit = multiply(unit, token.kind === "divide" ? power(factor.unit, -1) : factor.unit);
    next = factor.next;
  }
  return { unit, next };
}

function parseFactor(text: string, tokens: readonly Token[], from: number): Parsed {
  const token = tokens[from];
  if (token?.kind === "unit") return { unit: token.unit, next: from + 1 };
  if (token?.kind !== "open") throw invalid(text, "a factor is missing");
  const inner = parseProduct(text, tokens, from + 1);
  const close = tokens[inner.next];
  if (close?.kind !== "close") throw invalid(text, "a parenthesis is not closed");
  return { unit: power(inner.unit, close.exponent), next: inner.next + 1 };
}

function invalid(text: string, why: string, hint?: string): AlmanacError {
  return new AlmanacError("UNITS_INVALID", `units "${text}": ${why}`, {
    ...(hint === undefined ? {} : { hint }),
    facts: { units: text },
  });
}
