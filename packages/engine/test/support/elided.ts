/** What does not fit between a shown text and the real one: the first line of the shown text that is not there. */
export interface Misfit {
  /** Number of the line, from 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * Compares a text shown in a page with what a program really printed. Runs of blanks count as one, since columns get
 * narrower where something is left out; `…` stands for anything within a line, and alone in its line for any lines.
 * @returns the first line that is not found where it should be; undefined if all of it is there, in order
 */
export function misfitOf(shown: string, printed: string): Misfit | undefined {
  const real = `\n${plain(printed)}\n`;
  const lines = plain(shown).split("\n");
  let pattern = "";
  for (const [index, text] of lines.entries()) {
    pattern += patternOf(text);
    if (!new RegExp(pattern).test(real)) return { line: index + 1, text };
  }
  return undefined;
}

/** Without the blanks that only align. */
function plain(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/ +/g, " ").trimEnd())
    .join("\n");
}

function patternOf(line: string): string {
  if (line.trim() === "…") return "(?:\\n.*)*?";
  const parts = line.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return `\\n${parts.join(".*")}(?=\\n)`;
}
