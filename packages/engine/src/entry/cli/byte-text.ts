import { AlmanacError } from "../../core/errors.ts";

const units = ["kB", "MB", "GB", "TB", "PB"] as const;

/** A number of bytes for people, in powers of 1000: `999 bytes`, `1.2 MB`, `45 GB`. */
export function byteText(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  let value = bytes;
  let unit = "";
  for (const each of units) {
    if (value < 999.5) break;
    value /= 1000;
    unit = each;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/**
 * A number of bytes as people write it, such as `500MB`, `1.5 GiB` or `1000`.
 * @returns undefined when it is none
 */
export function bytesOf(text: string): number | undefined {
  const [, number, prefix = "", binary] =
    /^(\d+(?:\.\d+)?) ?([kmgtp]?)(i?)b?(?:ytes?)?$/i.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const power = prefix === "" ? 0 : "kmgtp".indexOf(prefix.toLowerCase()) + 1;
  return Math.round(Number(number) * (binary === "i" || binary === "I" ? 1024 : 1000) ** power);
}

/**
 * The number of bytes that an option says.
 * @throws USAGE when it is none
 */
export function requireBytes(text: string): number {
  const bytes = bytesOf(text);
  if (bytes !== undefined) return bytes;
  throw new AlmanacError("USAGE", `"${text}" is no size`, { hint: "such as 500MB, 1.5 GiB, or bytes" });
}
