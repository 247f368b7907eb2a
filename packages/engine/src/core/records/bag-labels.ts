/** Labels with their values in the order they come; a label may come again. */
export type BagLabels = readonly (readonly [label: string, value: string])[];

/** Characters of a line from which on it is continued in the next. */
const lineLength = 79;

/**
 * Text of `bag-info.txt`. A value is one line in meaning: line ends in it become blanks; long ones are continued in
 * lines that begin with a blank.
 * @source RFC 8493, section 2.2.2
 */
export function writeLabels(labels: BagLabels): string {
  return labels.map(([label, value]) => `${folded(`${label}: ${oneLine(value)}`)}\n`).join("");
}

/** A value as it comes back when its text is read. */
export function oneLine(value: string): string {
  return value.trim().replace(/\s+/g, " ");
}

function folded(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= lineLength || lines.length + line.split(" ").length < 2)
      line = `${line} ${word}`;
    else {
      lines.push(line);
      line = ` ${word}`;
    }
  }
  return [...lines, line].join("\n");
}

/** Reads `label: value` lines; those that begin with a blank continue the one before. */
export function readLabels(text: string): {
  readonly entries: BagLabels;
  readonly problems: readonly string[];
} {
  const entries: [label: string, value: string][] = [];
  const problems: string[] = [];
  for (const [at, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === "") continue;
    const last = entries.at(-1);
    const colon = line.indexOf(":");
    if (/^\s/.test(line) && last !== undefined) last[1] = `${last[1]} ${line.trim()}`.trim();
    else if (colon <= 0) problems.push(`line ${at + 1} has no label`);
    else entries.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return { entries, problems };
}
