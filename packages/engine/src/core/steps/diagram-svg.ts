import { escapeXml } from "./dag-table.ts";
import { type DiagramInput, diagramNodes, statusColours } from "./diagram.ts";
import { type Box, type Edge, layOut } from "./diagram-layout.ts";

/** Sizes in pixels. */
const lineHeight = 16;
const letterWidth = 7.5;
const margin = 20;

/** An SVG picture of a pipeline: columns by the longest way from a start, steps near those they need, edges around boxes. */
export function svgDiagram(input: DiagramInput): string {
  const { graph } = input;
  const nodes = diagramNodes(input);
  const labels = nodes.map(({ label }) => label.split("\n"));
  const { boxes, edges } = layOut(
    graph,
    labels.map((lines) => ({ width: widthOf(lines), height: lines.length * lineHeight + 8 })),
  );
  const width =
    Math.max(
      200,
      farthest(boxes, ({ x, width: wide }) => x + wide),
    ) + margin;
  const bottom = farthest(boxes, ({ y, height }) => y + height);
  const drawn = nodes.map(({ colour }, at) => drawBox(boxes[at], labels[at] ?? [], colour));
  const height = bottom + margin + lineHeight * 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(graph.name)}</title>`,
    '<defs><marker id="to" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#777"/></marker></defs>',
    `<g fill="none" stroke="#777">${edges.map(drawEdge).join("")}</g>`,
    ...drawn,
    legend(bottom + margin),
    "</svg>\n",
  ].join("\n");
}

function farthest(boxes: readonly Box[], end: (box: Box) => number): number {
  return boxes.reduce((most, box) => Math.max(most, end(box)), 0);
}

function widthOf(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, line.length), 0) * letterWidth + 16;
}

/** A curve between columns, a straight line through a column. */
function drawEdge([first, ...others]: Edge): string {
  if (first === undefined) return "";
  let path = `M${first.x} ${first.y}`;
  let from = first;
  for (const [at, to] of others.entries()) {
    const bend = (from.x + to.x) / 2;
    path += at % 2 === 0 ? `C${bend} ${from.y} ${bend} ${to.y} ${to.x} ${to.y}` : `L${to.x} ${to.y}`;
    from = to;
  }
  return `<path d="${path}" marker-end="url(#to)"/>`;
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
      `<rect x="${margin + at * 90}" y="${y}" width="12" height="12" fill="${colour}" stroke="#333"/><text x="${margin + at * 90 + 16}" y="${y + 11}">${status}</text>`,
  );
  return `<g>${entries.join("")}</g>`;
}
