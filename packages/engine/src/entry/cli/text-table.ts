/** What a table shows: headings, and the texts of the cells, column by column. */
export interface TextTable {
  readonly headings: readonly string[];
  /** One list for each heading, all of one length. */
  readonly columns: readonly (readonly string[])[];
  /** Headings in bold. */
  readonly bold: boolean;
}

/** Text whose length is its width on a terminal. */
const plain = /^[\x20-\x7e]*$/;

/** Columns between two columns. */
const space = 2;

/**
 * Columns by spaces only: readable, and easy to cut with other tools. A table of plain text, as good as every one, is
 * padded here, since the library takes a hundred times longer; other texts have widths that the library knows.
 */
export async function textTable(table: TextTable): Promise<string> {
  const { headings, columns, bold } = table;
  if (!plain.test(headings.join("")) || !columns.every((texts) => plain.test(texts.join(""))))
    return drawnTable(table);
  const widths = columns.map((texts, at) =>
    texts.reduce((width, { length }) => Math.max(width, length), (headings[at] as string).length),
  );
  const head = headings.map((text, at) => {
    const blanks = " ".repeat((widths[at] as number) + space - text.length);
    return heading(text, bold) + blanks;
  });
  const last = columns.length - 1;
  let text = `${head.join("").trimEnd()}\n`;
  for (let row = 0; row < (columns[0]?.length ?? 0); row++) {
    let line = "";
    for (let at = 0; at <= last; at++) {
      const cell = columns[at]?.[row] ?? "";
      line += at === last ? cell : cell.padEnd((widths[at] as number) + space);
    }
    text += `${line.trimEnd()}\n`;
  }
  return text;
}

/** The same table by the library, for texts of any width. */
export async function drawnTable({ headings, columns, bold }: TextTable): Promise<string> {
  const { default: Table } = await import("cli-table3");
  const drawn = new Table({
    head: headings.map((text) => heading(text, bold)),
    chars: noLines,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  });
  for (let row = 0; row < (columns[0]?.length ?? 0); row++)
    drawn.push(columns.map((texts) => texts[row] as string));
  return `${drawn.toString().replace(/ +$/gm, "")}\n`;
}

/** Bold by our own word: the library would ask the environment, which is asked once, at the entry. */
function heading(text: string, bold: boolean): string {
  return bold && text !== "" ? `\u001b[1m${text}\u001b[22m` : text;
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
