import assert from "node:assert/strict";
import { test } from "node:test";
import { dagTable, escapeXml } from "./dag-table.ts";
import { dotDiagram, mermaidDiagram, statusColours } from "./diagram.ts";
import { layOut } from "./diagram-layout.ts";
import { svgDiagram } from "./diagram-svg.ts";
import { pipelineOfSteps } from "./pipeline.ts";

const graph = pipelineOfSteps('a "b" <c>', [
  { id: 'first & "one" \\', produces: "x<y>", version: "1", run: () => 1 },
  { id: "second", produces: ["z", "w"], requires: ["x<y>"], version: "1", run: () => 1 },
  { id: "last", requires: ["z"], version: "1", run: () => 1 },
]).graph();
const statusOf = (product: string): string => (product === "z" ? "stale" : "fresh");
const input = { graph, statusOf };

test("DOT: names are quoted, edges go from what is needed, colours tell the status", () => {
  const text = dotDiagram(input);
  assert.match(text, /^digraph "a \\"b\\" <c>" \{/);
  assert.ok(text.includes('label="first & \\"one\\" \\\\\\nx<y>"'));
  assert.ok(text.includes(`s1 [label="second\\nz\\nw", fillcolor="${statusColours["stale"]}"]`));
  assert.deepEqual(text.match(/s\d -> s\d/g), ["s0 -> s1", "s1 -> s2"]);
});

test("Mermaid: everything that could end a label is an entity code", () => {
  const text = mermaidDiagram(input);
  assert.match(text, /^flowchart LR\n {2}s0\["first #38; #34;one#34; #92;<br>x#60;y#62;"\]/);
  assert.ok(text.includes("s0 --> s1"));
});

test("SVG: well formed, a box for each step, names escaped, columns by depth", () => {
  const text = svgDiagram(input);
  assert.equal(text.match(/<rect /g)?.length, 3 + Object.keys(statusColours).length);
  assert.ok(text.includes("first &#38; &#34;one&#34; \\"));
  assert.ok(!/<[xyc]>/.test(text));
  const open = text.match(/<(?!\/)[a-z]+(?:\s[^>]*[^/])?>/g)?.length;
  assert.equal(open, text.match(/<\/[a-z]+>/g)?.length);
  const columns = [...text.matchAll(/<rect x="([\d.]+)"[^>]*rx=/g)].map(([, x]) => Number(x));
  assert.deepEqual(
    columns,
    [...columns].sort((a, b) => a - b),
  );
  assert.equal(new Set(columns).size, 3);
});

test("the table: rows by step, text and HTML, a step without product too", () => {
  const table = dagTable(graph, statusOf);
  assert.deepEqual(
    table.rows.map(({ step, product, status }) => [step, product, status]),
    [
      ['first & "one" \\', "x<y>", "fresh"],
      ["last", "—", "(no product)"],
      ["second", "z", "stale"],
      ["second", "w", "fresh"],
    ],
  );
  assert.match(String(table), /^a "b" <c>\nStep +Produces +Requires +Status\n/);
  assert.ok(table.toHtml().includes("<td>x&#60;y&#62;</td>"));
  const shown = (table as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for("Jupyter.display")
  ];
  assert.equal(shown?.()["text/html"], table.toHtml());
});

test("characters that XML forbids are replaced", () => {
  assert.equal(escapeXml("a\u0000b\ud800c\tn"), "a\ufffdb\ufffdc\tn");
});

test("no edge of the picture runs through a box of another step", () => {
  const step = (id: string, ...requires: string[]) => ({
    ...{ id, produces: id, requires, version: "1" },
    run: () => 1,
  });
  const steps = [step("a"), step("b", "a"), step("c", "b", "a"), step("d", "c", "a", "b"), step("e", "a")];
  const drawn = pipelineOfSteps("p", steps).graph();
  const { boxes, edges } = layOut(
    drawn,
    drawn.steps.map(() => ({ width: 80, height: 30 })),
  );
  assert.equal(edges.length, 7);
  for (const points of edges)
    for (const [at, { x, y }] of points.entries())
      for (const box of boxes) {
        const isEnd = at === 0 || at === points.length - 1;
        const isInside = y > box.y && y < box.y + box.height && x >= box.x && x <= box.x + box.width;
        assert.ok(!isInside || isEnd, `${x} ${y} in ${JSON.stringify(box)}`);
      }
  const long = edges.find((points) => points.length === 6);
  assert.notEqual(long, undefined, "a to d passes two columns");
});
