import * as Plot from "@observablehq/plot";
import { drawFrame } from "./frame.ts";
import { axisLabel, paddedRange, palette, type Titles } from "./style.ts";

/** Points with the straight line fitted through them. */
export interface ScatterFigure extends Titles {
  readonly x: { readonly name: string; readonly units: string };
  readonly y: { readonly name: string; readonly units: string };
  readonly points: { readonly label: string; readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };
  readonly line: { readonly label: string; readonly slope: number; readonly intercept: number };
  /** Draw the line from x = 0 to where it meets y = 0, and both axes through the origin. */
  readonly toAxes: boolean;
}

/** Draws a scatter plot with a regression line. @returns SVG text */
export function scatterFigure({ points, line, ...figure }: ScatterFigure): string {
  const cloud = Array.from(points.x, (x, at) => ({ x, y: points.y[at] ?? Number.NaN }));
  const given = cloud.map(({ x }) => x);
  const [from, to] = figure.toAxes
    ? [0, -line.intercept / line.slope]
    : [Math.min(...given), Math.max(...given)];
  const ends = [from, to].map((x) => ({ x, y: line.intercept + line.slope * x }));
  const shown = [...cloud, ...ends];
  return drawFrame({
    title: figure.title,
    subtitle: figure.subtitle,
    xLabel: axisLabel(figure.x),
    yLabel: axisLabel(figure.y),
    xDomain: paddedRange(shown.map(({ x }) => x)),
    yDomain: paddedRange(shown.map(({ y }) => y)),
    legend: [
      { label: points.label, colour: palette.blue, mark: "dot" },
      { label: line.label, colour: palette.vermilion, mark: "line" },
    ],
    marks: [
      ...(figure.toAxes
        ? [Plot.ruleY([0], { stroke: palette.grey }), Plot.ruleX([0], { stroke: palette.grey })]
        : []),
      Plot.line(ends, { x: "x", y: "y", stroke: palette.vermilion, strokeWidth: 2.2 }),
      Plot.dot(cloud, { x: "x", y: "y", fill: palette.blue, fillOpacity: 0.85, r: 4, stroke: "white" }),
    ],
  });
}
