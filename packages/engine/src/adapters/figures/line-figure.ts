import * as Plot from "@observablehq/plot";
import { drawFrame, type LegendEntry } from "./frame.ts";
import { axisExponent, axisLabel, lineColours, paddedRange, palette, type Titles } from "./style.ts";

/** One line of a figure; NaN makes a gap. */
export interface FigureLine {
  readonly label: string;
  /** @shape [n] */
  readonly x: ArrayLike<number>;
  /** @shape [n] */
  readonly y: ArrayLike<number>;
  /** `faint` for the noise behind a main line, `dashed` for a fit. */
  readonly emphasis?: "main" | "faint" | "dashed";
  /** Mark each point too. */
  readonly dots?: boolean;
}

/** Lines over a common axis. */
export interface LineFigure extends Titles {
  readonly x: { readonly name: string; readonly units: string; readonly isYear?: boolean };
  readonly y: { readonly name: string; readonly units: string };
  /** Texts for positions on the x axis, such as names of months. */
  readonly xTicks?: readonly { readonly at: number; readonly text: string }[];
  readonly lines: readonly FigureLine[];
}

/** Draws lines. @returns SVG text */
export function lineFigure(given: LineFigure): string {
  const exponent = axisExponent(given.lines.flatMap(({ y }) => Array.from(y)));
  const lines = given.lines.map((line) => ({
    ...line,
    y: Array.from(line.y, (value) => value / 10 ** exponent),
  }));
  const figure = { ...given, lines };
  const colours = lineColoursOf(figure.lines);
  const legend: LegendEntry[] = figure.lines.map(({ label, emphasis }, at) => ({
    label,
    colour: colours[at] ?? palette.black,
    mark: emphasis === "dashed" ? "dashed" : "line",
  }));
  return drawFrame({
    title: figure.title,
    subtitle: figure.subtitle,
    xLabel: axisLabel(figure.x),
    yLabel: axisLabel(figure.y, exponent),
    xDomain: paddedRange(
      figure.lines.flatMap(({ x }) => Array.from(x)),
      0.01,
    ),
    yDomain: paddedRange(figure.lines.flatMap(({ y }) => Array.from(y))),
    ...(figure.xTicks === undefined ? {} : { xTicks: figure.xTicks }),
    xIsYear: figure.x.isYear ?? false,
    legend: legend.length > 1 ? legend : [],
    marks: figure.lines.flatMap((line, at) => lineMarks(line, colours[at] ?? palette.black)),
  });
}

function lineColoursOf(lines: readonly FigureLine[]): readonly string[] {
  let next = 0;
  return lines.map(({ emphasis }) => {
    if (emphasis === "faint") return "#9a9a9a";
    const colour = lineColours[next % lineColours.length] ?? palette.black;
    next += 1;
    return colour;
  });
}

function lineMarks(line: FigureLine, stroke: string): readonly Plot.Markish[] {
  const points = Array.from(line.x, (x, at) => ({ x, y: line.y[at] ?? Number.NaN }));
  const strokeWidth = line.emphasis === "faint" ? 0.8 : 2.2;
  const dash = line.emphasis === "dashed" ? { strokeDasharray: "6,4" } : {};
  const drawn = Plot.line(points, { x: "x", y: "y", stroke, strokeWidth, ...dash });
  return line.dots ? [drawn, Plot.dot(points, { x: "x", y: "y", fill: stroke, r: 3.2 })] : [drawn];
}
