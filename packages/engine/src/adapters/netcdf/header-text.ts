const strictUtf8 = new TextDecoder("utf-8", { fatal: true });
const latin1 = new TextDecoder("latin1");

/**
 * Text of an attribute's bytes, cut at the first zero byte. Files call their text ASCII and write UTF-8; bytes that are
 * no UTF-8 are read as Latin-1, in which every byte is a character.
 */
export function decodeText(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  const text = zero < 0 ? bytes : bytes.subarray(0, zero);
  try {
    return strictUtf8.decode(text);
  } catch (error) {
    if (error instanceof TypeError) return latin1.decode(text);
    throw error;
  }
}

/**
 * A number of a file as text: the shortest decimal form that reads back as the same number of the same precision.
 * @param single true when it was stored with 4 bytes of floating point
 * @returns undefined for NaN, which means missing
 */
export function numberText(value: number | bigint, single: boolean): string | undefined {
  if (typeof value === "bigint") return value.toString();
  if (Number.isNaN(value)) return undefined;
  // Whole numbers below 2^24 are exact in four bytes; larger ones have a shorter neighbour.
  const isExact = Number.isInteger(value) && Math.abs(value) < 2 ** 24;
  if (!single || isExact || !Number.isFinite(value)) return String(value);
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** Several numbers as one text, with `, ` between; undefined when none is left without NaN. */
export function numbersText(values: Iterable<number | bigint>, single: boolean): string | undefined {
  const texts: string[] = [];
  for (const value of values) {
    const text = numberText(value, single);
    if (text !== undefined) texts.push(text);
  }
  return texts.length === 0 ? undefined : texts.join(", ");
}
