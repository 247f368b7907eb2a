import { fontSize, type Titles } from "./style.ts";
import type { AddElement } from "./svg-elements.ts";

const titleSize = 18;

/** Widths of a character of the typeface, on the generous side. @units em */
const averageWidth = { plain: 0.64, bold: 0.72 };

/**
 * Adds title and subtitle at the top. A title that is too long for one line takes two, smaller ones if it must; what is still
 * too long is written smaller, so that nothing is cut at the edge.
 * @param right where the figure ends. @units px
 */
export function addTitles(
  add: AddElement,
  { titles, left, right }: { readonly titles: Titles; readonly left: number; readonly right: number },
): void {
  const room = right - left - 8;
  const lines = titleLines(titles.title, room);
  const size = Math.min(lines.length === 1 ? titleSize : 15, ...lines.map((line) => sizeFor(line, room)));
  const top = lines.length === 1 ? 30 : 20;
  for (const [at, line] of lines.entries())
    add(
      "text",
      { x: left, y: top + 17 * at, "font-size": size, "font-weight": "bold", class: "title" },
      line,
    );
  const subtitleSize = Math.min(fontSize, room / (titles.subtitle.length * averageWidth.plain));
  add(
    "text",
    { x: left, y: 56, "font-size": subtitleSize, fill: "#444444", class: "subtitle" },
    titles.subtitle,
  );
}

/** Size at which a bold line fits. @units px */
function sizeFor(line: string, room: number): number {
  return room / (line.length * averageWidth.bold);
}

/** The title in one line, or in two of about the same length, broken at a space. */
function titleLines(title: string, room: number): readonly string[] {
  if (sizeFor(title, room) >= titleSize) return [title];
  const middle = title.length / 2;
  const spaces = [...title.matchAll(/ /g)].map(({ index }) => index);
  const [at] = spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  return at === undefined ? [title] : [title.slice(0, at), title.slice(at + 1)];
}
