import { escapeXml } from "./dag-table.ts";
import { type DiagramInput, diagramNodes, statusColours } from "./diagram.ts";
import type { StepGraph } from "./graph.ts";

/** Sizes in pixels. */
const lineHeight = 16;
const letterWidth = 7.5;
const gap = { column: 60, row: 14, edge: 20 } as const;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An SVG picture of a pipeline: columns by the longest way from a start, steps near those they need. */
export function svgDiagram(input: DiagramInput): string {
  const { graph } = input;
  const nodes = diagramNodes(input);
  const boxes = placeBoxes(
    graph,
    nodes.map(({ label }) => label.split("\n")),
  );
  const width = Math.max(200, ...columnEnds(boxes)) + gap.edge;
  const bottom = boxes.reduce((most, { y, height }) => Math.max(most, y + height), 0);
  const edges = graph.needs.flatMap((needs, at) => needs.map((need) => edgeBetween(boxes[need], boxes[at])));
  const drawn = nodes.map(({ label, colour }, at) => drawBox(boxes[at], label.split("\n"), colour));
  const height = bottom + gap.edge + lineHeight * 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(graph.name)}</title>`,
    `<g fill="none" stroke="#777">${edges.join("")}</g>`,
    ...drawn,
    legend(bottom + gap.edge),
    "</svg>\n",
  ].join("\n");
}

/** Widest reach of each column: few numbers, however many steps. */
function columnEnds(boxes: readonly Box[]): readonly number[] {
  return [...new Set(boxes.map(({ x, width }) => x + width))].slice(-1000);
}

function placeBoxes(graph: StepGraph, labels: readonly (readonly string[])[]): readonly Box[] {
  const depths = new Int32Array(graph.steps.length);
  for (const number of graph.order)
    for (const need of graph.needs[number] ?? [])
      depths[number] = Math.max(depths[number] ?? 0, (depths[need] ?? 0) + 1);
  const columns: number[][] = [];
  for (const number of graph.order) (columns[depths[number] ?? 0] ??= []).push(number);
  const boxes = new Array<Box>(graph.steps.length);
  let x: number = gap.edge;
  for (const column of columns) {
    const wanted = new Map(column.map((number) => [number, middleOf(graph.needs[number] ?? [], boxes)]));
    column.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || a - b);
    const width = column.reduce((most, number) => Math.max(most, widthOf(labels[number] ?? [])), 0);
    let y: number = gap.edge;
    for (const number of column) {
      const height = (labels[number]?.length ?? 1) * lineHeight + 8;
      boxes[number] = { x, y, width, height };
      y += height + gap.row;
    }
    x += width + gap.column;
  }
  return boxes;
}

function widthOf(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, line.length), 0) * letterWidth + 16;
}

function middleOf(needs: readonly number[], boxes: readonly Box[]): number {
  return needs.length === 0 ? 0 : needs.reduce((sum, need) => sum + (boxes[need]?.y ?? 0), 0) / needs.length;
}

function edgeBetween(from: Box | undefined, to: Box | undefined): string {
  if (from === undefined || to === undefined) return "";
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  const bend = (start.x + end.x) / 2;
  return `<path d="M${start.x} ${start.y}C${bend} ${start.y} ${bend} ${end.y} ${end.x} ${end.y}"/>`;
}

// allow-parameters: where, what it says and its colour
function drawBox(box: Box | undefined, lines: readonly string[], colour: string): string {
  if (box === undefined) return "";
  const { x, y, width, height } = box;
  const ink = colour === statusColours["cached"] || colour === statusColours["building"] ? "#fff" : "#111";
  const texts = lines.map(
    (line, at) =>
      `<text x="${x + 8}" y="${y + 4 + lineHeight * at + 12}" fill="${ink}"${at === 0 ? ' font-weight="bold"' : ""}>${escapeXml(line)}</text>`,
  );
  return `<g><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="${colour}" stroke="#333"/>${texts.join("")}</g>`;
}

function legend(y: number): string {
  const entries = Object.entries(statusColours).map(
    ([status, colour], at) =>
      `<rect x="${gap.edge + at * 90}" y="${y}" width="12" height="12" fill="${colour}" stroke="#333"/><text x="${gap.edge + at * 90 + 16}" y="${y + 11}">${status}</text>`,
  );
  return `<g>${entries.join("")}</g>`;
}
