/** What a table shows: headings and the texts of its cells, row by row. */
export interface TextTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Headings in bold. */
  readonly bold: boolean;
}

/** Text whose length is its width on a terminal. */
const plain = /^[\x20-\x7e]*$/;

/**
 * Columns by spaces only: readable, and easy to cut with other tools. A table of plain text, as good as every one, is
 * padded here, since the library takes a hundred times longer; other texts have widths that the library knows.
 */
export async function textTable(table: TextTable): Promise<string> {
  const { headings, rows, bold } = table;
  const isPlain = [headings, ...rows].every((row) => row.every((cell) => plain.test(cell)));
  if (!isPlain) return drawnTable(table);
  const widths = headings.map((heading) => heading.length);
  for (const row of rows)
    for (let at = 0; at < widths.length; at++)
      widths[at] = Math.max(widths[at] as number, (row[at] as string).length);
  const padded = (cells: readonly string[]): readonly string[] =>
    cells.map((cell, at) => cell.padEnd((widths[at] as number) + 2));
  const head = padded(headings).map((text) => (bold ? `\u001b[1m${text}\u001b[22m` : text));
  return `${[head, ...rows.map(padded)].map((cells) => cells.join("").replace(/ +$/, "")).join("\n")}\n`;
}

/** The same table by the library, for texts of any width. */
export async function drawnTable({ headings, rows, bold }: TextTable): Promise<string> {
  const { default: Table } = await import("cli-table3");
  const drawn = new Table({
    head: [...headings],
    chars: noLines,
    style: { head: bold ? ["bold"] : [], border: [], "padding-left": 0, "padding-right": 2 },
  });
  for (const row of rows) drawn.push([...row]);
  return `${drawn.toString().replace(/ +$/gm, "")}\n`;
}

const noLines = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};
