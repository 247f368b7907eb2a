import domino from "domino";

/** A document that Observable Plot can draw into without a browser. A new one for each figure. */
export function svgDocument(): Document {
  return domino.createDocument("", true);
}

/** The part of the DOM that is used here; the compiler's DOM types are for browsers. */
interface Document {
  createElementNS(namespace: string, name: string): SvgElement;
}

/** An element of such a document. */
export interface SvgElement {
  readonly outerHTML: string;
  readonly tagName: string;
  readonly childNodes: ArrayLike<SvgElement>;
  textContent: string;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  appendChild(child: SvgElement): SvgElement;
  querySelectorAll(selector: string): ArrayLike<SvgElement>;
}

const header = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * Text of an SVG element as a file of its own. Style sheets that Plot adds for browsers are dropped: renderers without CSS
 * ignore them, and everything they say is on the elements.
 */
export function svgText(svg: SvgElement): string {
  const text = svg.outerHTML
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    // The serialiser writes HTML; this entity is the only one that XML does not know.
    .replaceAll("&nbsp;", "&#160;");
  const named = text.includes("xmlns=")
    ? text
    : text.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  return `${header}${named}\n`;
}
