import * as Plot from "@observablehq/plot";
import { fontSize, palette, type Titles, tickLabel } from "./style.ts";
import { type SvgElement, svgDocument, svgText } from "./svg-document.ts";
import { type AddElement, elementAdder } from "./svg-elements.ts";
import { addTitles } from "./titles.ts";

/** A line or point cloud to name beside the figure. */
export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly mark: "line" | "dot" | "dashed";
}

/** A pair of axes with marks in it. */
export interface Frame extends Titles {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xDomain: readonly [number, number];
  readonly yDomain: readonly [number, number];
  /** Positions of the ticks with their texts; default: round numbers. */
  readonly xTicks?: readonly { readonly at: number; readonly text: string }[];
  /** Whether the x axis shows whole years, written without separators. */
  readonly xIsYear?: boolean;
  readonly legend: readonly LegendEntry[];
  readonly marks: readonly Plot.Markish[];
}

const width = 860;
const height = 500;
const margins = { marginLeft: 92, marginRight: 28, marginTop: 76, marginBottom: 62 };

/** Draws a frame with titles, labelled axes and legend. @returns SVG text */
export function drawFrame(frame: Frame): string {
  const document = svgDocument();
  const years = (value: number): string => String(value).replace("-", "−");
  const svg = Plot.plot({
    document: document as unknown as NonNullable<Plot.PlotOptions["document"]>,
    className: "figure",
    width,
    height: height + legendHeight(frame.legend),
    ...margins,
    marginBottom: margins.marginBottom + legendHeight(frame.legend),
    x: { domain: [...frame.xDomain], label: null },
    y: { domain: [...frame.yDomain], label: null },
    marks: [
      Plot.gridY({ stroke: "#dddddd", strokeOpacity: 1 }),
      Plot.gridX({ stroke: "#eeeeee", strokeOpacity: 1 }),
      ...frame.marks,
      Plot.frame({ stroke: palette.black, strokeWidth: 1 }),
      Plot.axisY({ label: null, tickFormat: plotTickLabel, tickSize: 5, fontSize }),
      Plot.axisX({
        label: null,
        tickSize: 5,
        fontSize,
        ...(frame.xTicks === undefined
          ? { tickFormat: frame.xIsYear ? years : plotTickLabel }
          : {
              ticks: frame.xTicks.map(({ at }) => at),
              tickFormat: (at: number) => frame.xTicks?.find((tick) => tick.at === at)?.text ?? "",
            }),
      }),
    ],
  }) as unknown as SvgElement;
  return finishFigure(svg, { document, frame });
}

// Plot hands the ticks over as third argument, which its types leave out.
const plotTickLabel = ((value: number, _position: number, ticks: readonly number[]) =>
  tickLabel(value, ticks)) as (value: number, position: number) => string;

/** Height that a legend takes below the axes. @units px */
function legendHeight(legend: readonly LegendEntry[]): number {
  return legend.length === 0 ? 0 : 26;
}

type Document = ReturnType<typeof svgDocument>;

function finishFigure(
  svg: SvgElement,
  { document, frame }: { readonly document: Document; readonly frame: Frame },
): string {
  const add = elementAdder(svg, document);
  addTitles(add, { titles: frame, left: margins.marginLeft, right: width });
  const middleX = (margins.marginLeft + width - margins.marginRight) / 2;
  const middleY = (margins.marginTop + height - margins.marginBottom) / 2;
  add("text", { x: middleX, y: height - 16, "text-anchor": "middle", class: "x-label" }, frame.xLabel);
  const turned = `translate(24,${middleY}) rotate(-90)`;
  add("text", { transform: turned, "text-anchor": "middle", class: "y-label" }, frame.yLabel);
  let x = margins.marginLeft;
  for (const entry of frame.legend) {
    const y = height + 8;
    addKey(add, { entry, x, y });
    add("text", { x: x + 34, y: y + 4.5, class: "legend" }, entry.label);
    // The typeface is about 0.6 em wide on average.
    x += 34 + entry.label.length * fontSize * 0.6 + 26;
  }
  return svgText(svg);
}

function addKey(
  add: AddElement,
  { entry, x, y }: { readonly entry: LegendEntry; readonly x: number; readonly y: number },
): void {
  if (entry.mark === "dot") return add("circle", { cx: x + 14, cy: y, r: 4, fill: entry.colour });
  add("line", {
    x1: x,
    x2: x + 28,
    y1: y,
    y2: y,
    stroke: entry.colour,
    "stroke-width": 2.5,
    ...(entry.mark === "dashed" ? { "stroke-dasharray": "6,4" } : {}),
  });
}
