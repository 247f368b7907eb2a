/** Markdown table; bars inside cells are escaped, and so are angle brackets outside code. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  const rule = `|${headings.map(() => "---").join("|")}|`;
  return [line(headings), rule, ...rows.map(line)].join("\n");
}

function escaped(cell: string): string {
  const parts = cell.replaceAll("|", "\\|").split(/(`[^`]*`)/);
  return parts.map((part) => (part.startsWith("`") ? part : part.replaceAll("<", "&lt;"))).join("");
}

/** Text as code within a line. */
export function code(text: string): string {
  return `\`${text}\``;
}
