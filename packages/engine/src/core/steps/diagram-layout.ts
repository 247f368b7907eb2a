import type { StepGraph } from "./graph.ts";

/** Where something is drawn, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Points of an edge from left to right: out of a box, in and out of each column on the way, into a box. */
export type Edge = readonly { readonly x: number; readonly y: number }[];

/** Pixels between columns, between boxes, and around all. */
const gap = { column: 60, row: 14, margin: 20 } as const;
/** Height of the lane of an edge that passes a column. */
const laneHeight = 6;
/** More lanes than these would take longer than they help: edges then run behind boxes. */
const mostLanes = 20_000;

/** What takes a place in a column: a step, or a lane for edges that leave a step and end farther on. */
interface Place {
  readonly step: number;
  readonly isLane: boolean;
}

/**
 * Lays steps out in columns by the longest way from a start; in a column by the height of what they need. An edge that ends farther
 * than in the next column gets a lane in each column between, one for all edges of its step.
 * @param sizes by step number
 */
export function layOut(
  graph: StepGraph,
  sizes: readonly Pick<Box, "width" | "height">[],
): { readonly boxes: readonly Box[]; readonly edges: readonly Edge[] } {
  const depths = depthsOf(graph);
  const columns = columnsOf(graph, depths);
  const boxes = new Array<Box>(graph.steps.length);
  const lanes = new Map<string, Box>();
  let x: number = gap.margin;
  for (const [depth, places] of columns.entries()) {
    const before = ({ step }: Place): Box | undefined => lanes.get(`${step} ${depth - 1}`) ?? boxes[step];
    const wanted = new Map(places.map((place) => [place, heightWanted(place, { graph, before })]));
    places.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || a.step - b.step);
    const width = places.reduce(
      (most, { step, isLane }) => (isLane ? most : Math.max(most, sizes[step]?.width ?? 0)),
      0,
    );
    let y: number = gap.margin;
    for (const { step, isLane } of places) {
      const height = isLane ? laneHeight : (sizes[step]?.height ?? 0);
      if (isLane) lanes.set(`${step} ${depth}`, { x, y, width, height });
      else boxes[step] = { x, y, width, height };
      y += height + gap.row;
    }
    x += width + gap.column;
  }
  const edges = graph.needs.flatMap((needs, to) =>
    needs.map((from) => edgeOf({ from, to }, { boxes, lanes, depths })),
  );
  return { boxes, edges };
}

function depthsOf(graph: StepGraph): Int32Array {
  const depths = new Int32Array(graph.steps.length);
  for (const number of graph.order)
    for (const need of graph.needs[number] ?? [])
      depths[number] = Math.max(depths[number] ?? 0, (depths[need] ?? 0) + 1);
  return depths;
}

function columnsOf(graph: StepGraph, depths: Int32Array): readonly Place[][] {
  const columns: Place[][] = [];
  const reach = new Int32Array(depths);
  for (const number of graph.order) {
    (columns[depths[number] ?? 0] ??= []).push({ step: number, isLane: false });
    for (const need of graph.needs[number] ?? [])
      reach[need] = Math.max(reach[need] ?? 0, (depths[number] ?? 0) - 1);
  }
  const count = reach.reduce((sum, each, step) => sum + each - (depths[step] ?? 0), 0);
  if (count > mostLanes) return columns;
  for (const [step, last] of reach.entries())
    for (let depth = (depths[step] ?? 0) + 1; depth <= last; depth++)
      columns[depth]?.push({ step, isLane: true });
  return columns;
}

function heightWanted(
  place: Place,
  { graph, before }: { readonly graph: StepGraph; readonly before: (place: Place) => Box | undefined },
): number {
  const needs = place.isLane ? [place.step] : (graph.needs[place.step] ?? []);
  const heights = needs.map((step) => before({ step, isLane: true })?.y ?? 0);
  return heights.length === 0 ? 0 : heights.reduce((sum, each) => sum + each, 0) / heights.length;
}

interface Laid {
  readonly boxes: readonly Box[];
  readonly lanes: ReadonlyMap<string, Box>;
  readonly depths: Int32Array;
}

function edgeOf(
  { from, to }: { readonly from: number; readonly to: number },
  { boxes, lanes, depths }: Laid,
): Edge {
  const [start, end] = [boxes[from], boxes[to]];
  if (start === undefined || end === undefined) return [];
  const points = [{ x: start.x + start.width, y: middleOf(start) }];
  for (let depth = (depths[from] ?? 0) + 1; depth < (depths[to] ?? 0); depth++) {
    const lane = lanes.get(`${from} ${depth}`);
    if (lane === undefined) continue;
    points.push({ x: lane.x, y: middleOf(lane) }, { x: lane.x + lane.width, y: middleOf(lane) });
  }
  points.push({ x: end.x, y: middleOf(end) });
  return points;
}

function middleOf({ y, height }: Box): number {
  return y + height / 2;
}
