import type { Lineage, LineageNode } from "./lineage.ts";

function label({ kind, rid, name, detail }: LineageNode): string {
  return [kind, rid ?? "", name, detail === "" ? "" : `(${detail})`].filter((part) => part !== "").join(" ");
}

/** A lineage as a tree of lines; what has been shown is not unfolded again. */
export function lineageTree(lineage: Lineage): string {
  const nodes = new Map(lineage.nodes.map((node) => [node.key, node]));
  const next = Map.groupBy(
    lineage.edges.map(({ from, to }) => (lineage.direction === "up" ? [to, from] : [from, to])),
    ([near]) => near,
  );
  const shown = new Set<string>();
  const lines: string[] = [];
  // A stack, as lineages may be deeper than calls can nest.
  const waiting = [{ key: lineage.start, indent: "", mark: "" }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { key, indent, mark } = at;
    const node = nodes.get(key);
    if (node === undefined) continue;
    const again = shown.has(key);
    lines.push(`${mark}${label(node)}${again ? " …" : ""}`);
    if (again) continue;
    shown.add(key);
    const followers = (next.get(key) ?? []).flatMap(([, far]) => far ?? []);
    followers
      .map((far, place) => {
        const last = place === followers.length - 1;
        return {
          key: far,
          indent: `${indent}${last ? "   " : "│  "}`,
          mark: `${indent}${last ? "└─ " : "├─ "}`,
        };
      })
      .reverse()
      .forEach((each) => {
        waiting.push(each);
      });
  }
  return [...lines, ...(lineage.cut ? ["… more behind: --depth"] : [])].join("\n");
}

const shapes = { dataset: "cylinder", asset: "note", execution: "box", value: "oval" } as const;

/** A lineage in the DOT language. @source https://graphviz.org/doc/info/lang.html */
export function lineageDot({ nodes, edges }: Lineage): string {
  const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  return [
    "digraph lineage {",
    "  rankdir=LR;",
    ...nodes.map(
      (node) => `  ${quoted(node.key)} [label=${quoted(label(node))}, shape=${shapes[node.kind]}];`,
    ),
    ...edges.map(({ from, to }) => `  ${quoted(from)} -> ${quoted(to)};`),
    "}",
  ].join("\n");
}

/** A lineage as a Mermaid flowchart. @source https://mermaid.js.org/syntax/flowchart.html */
export function lineageMermaid({ nodes, edges }: Lineage): string {
  const ids = new Map(nodes.map(({ key }, at) => [key, `n${at}`]));
  const text = (node: LineageNode): string =>
    label(node).replaceAll("&", "#amp;").replaceAll('"', "#quot;").replaceAll("<", "#lt;");
  return [
    "flowchart LR",
    ...nodes.map((node) => `  ${ids.get(node.key)}["${text(node)}"]`),
    ...edges.map(({ from, to }) => `  ${ids.get(from)} --> ${ids.get(to)}`),
  ].join("\n");
}
