import * as Plot from "@observablehq/plot";
import { type ColourSteps, colourOf, divergingSteps } from "./colour-scale.ts";
import { axisExponent, axisLabel, fontSize, numberLabel, palette, type Titles } from "./style.ts";
import { type SvgElement, svgDocument, svgText } from "./svg-document.ts";
import { type AddElement, elementAdder } from "./svg-elements.ts";
import { addTitles } from "./titles.ts";

/** A field on a regular grid. */
export interface MapFigure extends Titles {
  /** @units degrees_north. @shape [nLat] */
  readonly latitudes: ArrayLike<number>;
  /** @units degrees_east. @shape [nLon] */
  readonly longitudes: ArrayLike<number>;
  /** NaN is drawn in grey. @shape [nLat, nLon] */
  readonly values: Float64Array;
  readonly quantity: { readonly name: string; readonly units: string };
}

const width = 860;
const margins = { marginLeft: 72, marginRight: 28, marginTop: 76, marginBottom: 132 };

interface Cell {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly fill: string;
}

/** Draws filled cells on latitude and longitude with a colour bar, zero in the middle. @returns SVG text */
export function mapFigure(given: MapFigure): string {
  const exponent = axisExponent(given.values);
  const figure = { ...given, values: given.values.map((value) => value / 10 ** exponent) };
  const steps = divergingSteps(figure.values);
  const cells = cellsOf(figure, steps);
  const [xDomain, yDomain] = domains(cells);
  const plotWidth = width - margins.marginLeft - margins.marginRight;
  const aspect = (yDomain[1] - yDomain[0]) / (xDomain[1] - xDomain[0]);
  const plotHeight = Math.max(160, Math.min(plotWidth, plotWidth * aspect));
  const document = svgDocument();
  const svg = Plot.plot({
    document: document as unknown as NonNullable<Plot.PlotOptions["document"]>,
    className: "figure",
    width,
    height: plotHeight + margins.marginTop + margins.marginBottom,
    ...margins,
    x: { domain: xDomain, label: null },
    y: { domain: yDomain, label: null },
    marks: [
      // Half a pixel of overlap, else thin seams show between cells.
      Plot.rect(cells, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "fill", inset: -0.3 }),
      Plot.frame({ stroke: palette.black }),
      Plot.axisX({
        label: null,
        fontSize,
        ...degreeTicks(xDomain, { step: 60, positive: "E", negative: "W" }),
      }),
      Plot.axisY({
        label: null,
        fontSize,
        ...degreeTicks(yDomain, { step: 30, positive: "N", negative: "S" }),
      }),
    ],
  }) as unknown as SvgElement;
  const add = elementAdder(svg, document);
  addTitles(add, { titles: figure, left: margins.marginLeft, right: width });
  addColourBar(add, {
    steps,
    top: margins.marginTop + plotHeight + 52,
    label: axisLabel(figure.quantity, exponent),
  });
  return svgText(svg);
}

/** Edges between neighbouring centres, the outer ones as far out as the next. @shape [n + 1] */
function edgesOf(centres: ArrayLike<number>): Float64Array {
  const n = centres.length;
  const at = (index: number): number => centres[index] ?? Number.NaN;
  return Float64Array.from({ length: n + 1 }, (_, edge) => {
    if (n === 1) return at(0) + (edge === 0 ? -0.5 : 0.5);
    if (edge === 0) return at(0) - (at(1) - at(0)) / 2;
    if (edge === n) return at(n - 1) + (at(n - 1) - at(n - 2)) / 2;
    return (at(edge - 1) + at(edge)) / 2;
  });
}

function cellsOf(figure: MapFigure, steps: ColourSteps): readonly Cell[] {
  const rows = edgesOf(figure.latitudes).map((edge) => Math.max(-90, Math.min(90, edge)));
  const columns = edgesOf(figure.longitudes);
  const nColumn = columns.length - 1;
  return Array.from(figure.values, (value, at) => {
    const row = Math.floor(at / nColumn);
    const column = at % nColumn;
    const edge = (edges: Float64Array, index: number): number => edges[index] ?? Number.NaN;
    return {
      ...shifted(edge(columns, column), edge(columns, column + 1)),
      y1: edge(rows, row),
      y2: edge(rows, row + 1),
      fill: colourOf(value, steps) ?? "#bdbdbd",
    };
  });
}

/** Moves a cell whose centre lies beyond 180° E into the western hemisphere, so that the map is centred on 0°. */
function shifted(x1: number, x2: number): { readonly x1: number; readonly x2: number } {
  const turn = (x1 + x2) / 2 > 180 ? 360 : 0;
  return { x1: x1 - turn, x2: x2 - turn };
}

function domains(cells: readonly Cell[]): [[number, number], [number, number]] {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x1, x2, y1, y2 } of cells) {
    west = Math.min(west, x1, x2);
    east = Math.max(east, x1, x2);
    south = Math.min(south, y1, y2);
    north = Math.max(north, y1, y2);
  }
  return [
    [west, east],
    [south, north],
  ];
}

function degreeTicks(
  [low, high]: readonly [number, number],
  {
    step,
    positive,
    negative,
  }: { readonly step: number; readonly positive: string; readonly negative: string },
) {
  const fine = high - low < step * 2 ? (high - low) / 4 : step;
  const ticks: number[] = [];
  for (let at = Math.ceil(low / fine) * fine; at <= high + 1e-9; at += fine) ticks.push(at);
  const label = (at: number): string => {
    const size = Number(Math.abs(at).toFixed(1));
    if (size === 180) return "180°";
    return size === 0 ? "0°" : `${size}°${at > 0 ? positive : negative}`;
  };
  return { ticks, tickFormat: label, tickSize: 5 };
}

function addColourBar(
  add: AddElement,
  { steps, top, label }: { readonly steps: ColourSteps; readonly top: number; readonly label: string },
): void {
  const left = margins.marginLeft + 60;
  const each = (width - margins.marginRight - 60 - left) / steps.colours.length;
  for (const [at, fill] of steps.colours.entries())
    add("rect", { x: left + at * each, y: top, width: each + 0.3, height: 16, fill });
  add("rect", {
    x: left,
    y: top,
    width: each * steps.colours.length,
    height: 16,
    fill: "none",
    stroke: palette.black,
  });
  for (const [at, edge] of steps.edges.entries())
    add(
      "text",
      { x: left + at * each, y: top + 33, "text-anchor": "middle", "font-size": fontSize - 1 },
      numberLabel(edge),
    );
  const middle = left + (each * steps.colours.length) / 2;
  add("text", { x: middle, y: top + 58, "text-anchor": "middle", class: "colour-label" }, label);
}
