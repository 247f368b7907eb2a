import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { colourOf, divergingSteps } from "./colour-scale.ts";
import { lineFigure } from "./line-figure.ts";
import { mapFigure } from "./map-figure.ts";
import { svgToPng } from "./png.ts";
import { scatterFigure } from "./scatter-figure.ts";
import { axisLabel, numberLabel, paddedRange, tickLabel } from "./style.ts";

const years = Array.from({ length: 30 }, (_, at) => 1990 + at);
const warming = years.map((year) => 288 + 0.02 * (year - 1990));

const line = lineFigure({
  title: "Near-surface air temperature",
  subtitle: "SYNTH-A, historical",
  x: { name: "Year", units: "", isYear: true },
  y: { name: "tas", units: "K" },
  lines: [
    { label: "annual mean", x: years, y: warming },
    {
      label: "fit & more",
      x: years,
      y: warming.map((value, at) => (at === 3 ? Number.NaN : value)),
      emphasis: "dashed",
    },
  ],
});
const scatter = scatterFigure({
  title: "Effective climate sensitivity 3.00 K",
  subtitle: "SYNTH-A",
  x: { name: "Change of temperature", units: "K" },
  y: { name: "Change of radiation", units: "W m-2" },
  points: { label: "annual means", x: [1, 2, 3], y: [6, 5, 4] },
  line: { label: "N = 7 − T", slope: -1, intercept: 7 },
  toAxes: true,
});
const map = mapFigure({
  title: "Trend",
  subtitle: "SYNTH-A",
  latitudes: [-45, 45],
  longitudes: [45, 135, 225, 315],
  values: Float64Array.of(-1, 0.5, 1, Number.NaN, 0.2, 0.1, -0.3, 0.9),
  quantity: { name: "Trend of tas", units: "K decade-1" },
});

function textsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = ""]) => text);
}

test("figures say what they show, of which data, on which axes and in which units", () => {
  assert.ok(
    ["Near-surface air temperature", "SYNTH-A, historical", "Year", "tas (K)", "annual mean"].every((text) =>
      textsOf(line).includes(text),
    ),
  );
  assert.ok(textsOf(line).includes("fit &amp; more"), "text is escaped");
  assert.ok(textsOf(scatter).includes("Change of radiation (W m⁻²)"));
  assert.ok(textsOf(map).includes("Trend of tas (K decade⁻¹)"));
  assert.ok(
    textsOf(map).some((text) => text.includes("45") || text.includes("90")),
    "latitudes are labelled",
  );
});

test("no coordinate is undefined, infinite or not a number, missing values notwithstanding", () => {
  for (const svg of [line, scatter, map]) assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
});

test("missing cells are grey, and zero is between blue and red", () => {
  assert.match(map, /#bdbdbd/);
  const steps = divergingSteps(Float64Array.of(-2, 1, Number.NaN));
  assert.ok(steps.edges.includes(0) && (steps.edges.at(-1) ?? 0) >= 2);
  assert.equal(colourOf(-100, steps), steps.colours[0]);
  assert.equal(colourOf(100, steps), steps.colours.at(-1));
  assert.notEqual(colourOf(-1e-9, steps), colourOf(1e-9, steps));
  assert.equal(colourOf(Number.NaN, steps), undefined);
});

test("years have no thousands separator, and ticks the same decimals", () => {
  assert.ok(textsOf(line).includes("2000"));
  assert.equal(tickLabel(1, [0.5, 1]), "1.0");
  assert.equal(numberLabel(-0.00002), "−2×10⁻⁵");
  assert.equal(axisLabel({ name: "pr", units: "kg m-2 s-1" }, -5), "pr (10⁻⁵ kg m⁻² s⁻¹)");
  assert.equal(axisLabel({ name: "Month", units: "" }), "Month");
});

test("tiny numbers are shown with their power of ten in the label", () => {
  const svg = lineFigure({
    title: "Precipitation",
    subtitle: "SYNTH-A",
    x: { name: "Year", units: "", isYear: true },
    y: { name: "pr", units: "kg m-2 s-1" },
    lines: [{ label: "annual mean", x: [1, 2], y: [3.1e-5, 3.4e-5] }],
  });
  assert.ok(textsOf(svg).includes("pr (10⁻⁵ kg m⁻² s⁻¹)"));
  assert.ok(textsOf(svg).includes("3.20"));
});

test("limits are finite, also without any finite value or with a single one", () => {
  assert.deepEqual(paddedRange([Number.NaN]), [0, 1]);
  const [low, high] = paddedRange([5, 5]);
  assert.ok(low < 5 && high > 5);
});

/** Grey values of an 8-bit RGBA picture without interlacing. */
function decodePng(png: Uint8Array): {
  readonly width: number;
  readonly isDark: (x: number, y: number) => boolean;
} {
  const bytes = Buffer.from(png);
  assert.equal(bytes.toString("latin1", 1, 4), "PNG");
  const width = bytes.readUInt32BE(16);
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at))
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  const rows = unfilter(inflateSync(Buffer.concat(parts)), width * 4);
  const isDark = (x: number, y: number): boolean =>
    [0, 1, 2].every((channel) => (rows[y]?.[x * 4 + channel] ?? 255) < 110);
  return { width, isDark };
}

function unfilter(raw: Buffer, stride: number): readonly Uint8Array[] {
  const rows: Uint8Array[] = [];
  for (let at = 0; at < raw.length; at += stride + 1) {
    const above = rows.at(-1) ?? new Uint8Array(stride);
    const row = new Uint8Array(stride);
    for (let x = 0; x < stride; x++) {
      const left = row[x - 4] ?? 0;
      const up = above[x] ?? 0;
      const corner = x < 4 ? 0 : (above[x - 4] ?? 0);
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][raw[at] ?? 0] ?? 0;
      row[x] = (raw[at + 1 + x] ?? 0) + predicted;
    }
    rows.push(row);
  }
  return rows;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

test("text is drawn: there are dark pixels where title and axis labels are", () => {
  const { width, isDark } = decodePng(svgToPng(line, 860));
  assert.equal(width, 860);
  const darkIn = (
    left: number,
    top: number,
    size: { readonly width: number; readonly height: number },
  ): number => {
    let dark = 0;
    for (let y = top; y < top + size.height; y++)
      for (let x = left; x < left + size.width; x++) if (isDark(x, y)) dark += 1;
    return dark;
  };
  assert.ok(darkIn(92, 14, { width: 300, height: 20 }) > 400, "title");
  assert.ok(darkIn(400, 472, { width: 160, height: 16 }) > 40, "label of the x axis");
  assert.ok(darkIn(12, 180, { width: 16, height: 150 }) > 40, "label of the y axis");
});

test("a long title is drawn whole, in two lines, and ends before the edge", () => {
  const title =
    "Carbon Mass Flux out of Atmosphere Due to Gross Primary Production on Land, mean annual cycle";
  const subtitle = "A-MODEL-WITH-A-NAME, an-experiment-with-a-name, r1i1p1f1, grid gn; ".repeat(3);
  const axes = { x: { name: "Month", units: "" }, y: { name: "gpp", units: "kg m-2 s-1" } };
  const svg = lineFigure({ title, subtitle, ...axes, lines: [{ label: "mean", x: [1, 2], y: [1, 2] }] });
  const titles = [...svg.matchAll(/<text[^>]*class="title"[^>]*>([^<]*)</g)].map(([, text]) => text);
  assert.equal(titles.length, 2);
  assert.equal(titles.join(" "), title);
  const { isDark } = decodePng(svgToPng(svg, 860));
  const rows = Array.from({ length: 66 }, (_, y) => y);
  const darkAt = (from: number, to: number): boolean =>
    rows.some((y) => Array.from({ length: to - from }, (_, at) => from + at).some((x) => isDark(x, y)));
  assert.ok(darkAt(92, 700), "the title is drawn");
  assert.ok(!darkAt(852, 860), "nothing reaches the right edge");
});
