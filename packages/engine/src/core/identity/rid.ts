import { AlmanacError } from "../errors.ts";

declare const ridBrand: unique symbol;

/** Short identifier of a record, unique in a catalog: Crockford base 32, such as `3JSE` or `1-4X2K`. */
export type Rid = string & { readonly [ridBrand]: true };

/** The RID of everything in a dry run. */
export const dryRunRid = "0000" as Rid;

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Text of a counter value: one to four digits, then groups of four from the right, the left one unpadded.
 * @param counter whole number ≥ 1
 */
export function formatRid(counter: number): Rid {
  let digits = "";
  for (let rest = counter; rest > 0; rest = Math.floor(rest / 32)) digits = alphabet[rest % 32] + digits;
  const head = digits.length % 4;
  const groups = digits.slice(head).match(/.{4}/g) ?? [];
  return (head === 0 ? groups : [digits.slice(0, head), ...groups]).join("-") as Rid;
}

/**
 * Reads a RID in any case; O counts as 0, I and L as 1; a `rid:` prefix is dropped.
 * @returns the canonical form, or undefined if the text is no RID
 */
export function parseRid(text: string): Rid | undefined {
  const plain = text.replace(/^rid:/i, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  const shaped = /^[0-9A-HJKMNP-TV-Z]{1,4}(-[0-9A-HJKMNP-TV-Z]{4})*$/.test(plain);
  return shaped && (plain === dryRunRid || !plain.startsWith("0")) ? (plain as Rid) : undefined;
}

/**
 * Like `parseRid`, but a text that is no RID is an error.
 * @throws USAGE when the text is no RID
 */
export function requireRid(text: string): Rid {
  const rid = parseRid(text);
  if (rid === undefined)
    throw new AlmanacError("USAGE", `"${text}" is not a RID`, { hint: "RIDs look like 3JSE or 1-4X2K" });
  return rid;
}
