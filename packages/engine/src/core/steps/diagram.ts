import type { StepGraph } from "./graph.ts";

/** How a status is drawn. Colours are told apart by their lightness too. */
export const statusColours: Readonly<Record<string, string>> = {
  cached: "#2c7fb8",
  fresh: "#7fcdbb",
  stale: "#fec44f",
  building: "#dd1c77",
  missing: "#d9d9d9",
};

/** Forms of diagrams. */
export type DiagramFormat = "dot" | "mermaid" | "svg";

/** A pipeline's steps with the status that each has: that of the first of its products. */
export interface DiagramInput {
  readonly graph: StepGraph;
  readonly statusOf: (product: string) => string;
}

/** What a node of a diagram says. */
export interface DiagramNode {
  readonly label: string;
  readonly colour: string;
}

/** The nodes, one for each step. */
export function diagramNodes({ graph, statusOf }: DiagramInput): readonly DiagramNode[] {
  return graph.steps.map(({ id, produces }) => {
    const [first] = produces;
    const status = first === undefined ? "missing" : statusOf(first);
    const made = produces.length === 1 && first === id ? [] : produces;
    return { label: [id, ...made].join("\n"), colour: statusColours[status] ?? "#ffffff" };
  });
}

/** Graphviz source. @source https://graphviz.org/doc/info/lang.html: only quotes and backslashes are escaped in quoted text */
export function dotDiagram(input: DiagramInput): string {
  const { graph } = input;
  const quote = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
  const nodes = diagramNodes(input).map(
    ({ label, colour }, at) => `  s${at} [label=${quote(label)}, fillcolor="${colour}"];`,
  );
  const edges = graph.needs.flatMap((needs, at) => needs.map((need) => `  s${need} -> s${at};`));
  const head = [`digraph ${quote(graph.name)} {`, '  rankdir=LR; node [shape=box, style="rounded,filled"];'];
  return `${[...head, ...nodes, ...edges, "}"].join("\n")}\n`;
}

/** Mermaid source. @source https://mermaid.js.org/syntax/flowchart.html: special characters as entity codes `#35;` */
export function mermaidDiagram(input: DiagramInput): string {
  const { graph } = input;
  const quote = (text: string): string =>
    `"${text
      .toWellFormed()
      .replace(/[^\p{L}\p{N}_ .,:/\n-]/gu, (each) => `#${each.codePointAt(0)};`)
      .replaceAll("\n", "<br>")}"`;
  const nodes = diagramNodes(input).map(
    ({ label, colour }, at) => `  s${at}[${quote(label)}]\n  style s${at} fill:${colour}`,
  );
  const edges = graph.needs.flatMap((needs, at) => needs.map((need) => `  s${need} --> s${at}`));
  return `${["flowchart LR", ...nodes, ...edges].join("\n")}\n`;
}
