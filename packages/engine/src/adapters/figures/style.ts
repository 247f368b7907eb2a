/** Colours that people with any colour vision tell apart. @source Okabe and Ito, Color Universal Design, 2008 */
export const palette = {
  black: "#000000",
  orange: "#E69F00",
  skyBlue: "#56B4E9",
  green: "#009E73",
  blue: "#0072B2",
  vermilion: "#D55E00",
  purple: "#CC79A7",
  grey: "#767676",
} as const;

/** Order in which lines of a figure take colours. */
export const lineColours = [
  palette.blue,
  palette.vermilion,
  palette.green,
  palette.purple,
  palette.orange,
  palette.skyBlue,
] as const;

/** The one typeface, shipped with the program. */
export const fontFamily = "DejaVu Sans";

/** Size of text. @units px */
export const fontSize = 13;

/** Titles of a figure. */
export interface Titles {
  /** What is shown, in a few words. */
  readonly title: string;
  /** Of which data. */
  readonly subtitle: string;
}

/** Smallest interval that holds all finite numbers, widened a little so that nothing lies on the frame. */
export function paddedRange(numbers: readonly number[], share = 0.05): [number, number] {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    lowest = Math.min(lowest, number);
    highest = Math.max(highest, number);
  }
  if (lowest > highest) return [0, 1];
  const margin = highest > lowest ? (highest - lowest) * share : Math.max(Math.abs(highest) * 0.01, 1e-12);
  return [lowest - margin, highest + margin];
}

/** Number with so many significant digits as two labels of a range need to differ, U+2212 as minus sign. */
export function numberLabel(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const plain = size >= 1e-3 && size < 1e6 ? trimmed(value.toPrecision(6)) : scientific(value);
  return plain.replaceAll("-", "−");
}

/** Label of one tick of an axis, with as many decimals as the axis's other ticks. */
export function tickLabel(value: number, ticks: readonly number[]): string {
  const labels = ticks.map(numberLabel);
  if (labels.some((label) => label.includes("×"))) return numberLabel(value);
  const decimals = Math.max(...labels.map((label) => label.split(".")[1]?.length ?? 0));
  return value.toFixed(decimals).replace("-", "−");
}

function trimmed(text: string): string {
  return String(Number(text));
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function scientific(value: number): string {
  const [digits = "", exponent = "0"] = value.toExponential(4).split("e");
  return `${trimmed(digits)}×${powerOfTen(Number(exponent))}`;
}

function powerOfTen(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => superscripts[Number(digit)] ?? "");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/**
 * Exponent of the power of ten to take out of the numbers of an axis: 0 unless all are tiny or some are huge, so that ticks
 * read 3.6 and the label says 10⁻⁵.
 */
export function axisExponent(numbers: Iterable<number>): number {
  let largest = 0;
  for (const number of numbers) if (Number.isFinite(number)) largest = Math.max(largest, Math.abs(number));
  return largest === 0 || (largest >= 1e-2 && largest < 1e5) ? 0 : Math.floor(Math.log10(largest));
}

/** A unit as figures show it: `W m-2` becomes `W m⁻²`. */
export function unitLabel(units: string): string {
  return units.replace(/([A-Za-z])(-?)(\d+)\b/g, (_, base: string, minus: string, digits: string) => {
    const power = digits.replace(/\d/g, (digit) => superscripts[Number(digit)] ?? "");
    return `${base}${minus === "-" ? "⁻" : ""}${power}`;
  });
}

/** Label of an axis: name and unit, with the power of ten that was taken out. */
export function axisLabel(
  { name, units }: { readonly name: string; readonly units: string },
  exponent = 0,
): string {
  const unit = units === "1" ? "" : unitLabel(units);
  const power = exponent === 0 ? "" : powerOfTen(exponent);
  const inside = [power, unit].filter((part) => part !== "").join(" ");
  return inside === "" ? name : `${name} (${inside})`;
}
