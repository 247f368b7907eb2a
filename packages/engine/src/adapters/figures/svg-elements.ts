import { fontFamily, fontSize, palette } from "./style.ts";
import type { SvgElement, svgDocument } from "./svg-document.ts";

type Document = ReturnType<typeof svgDocument>;

/** Adds an element with attributes and text to a figure. */
export type AddElement = (
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
) => void;

/** A function that adds elements to an SVG element in the figure's typeface. */
export function elementAdder(svg: SvgElement, document: Document): AddElement {
  // Plot's own style option needs CSS objects, which this document lacks.
  svg.setAttribute("font-family", fontFamily);
  svg.setAttribute("font-size", String(fontSize));
  return (name, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    const font =
      name === "text"
        ? {
            "font-family": fontFamily,
            "font-size": fontSize,
            fill: palette.black,
            // Plot sets its text to the middle for the whole picture.
            "text-anchor": "start",
          }
        : {};
    for (const [key, value] of Object.entries({ ...font, ...attributes }))
      element.setAttribute(key, String(value));
    if (text !== undefined) element.textContent = text;
    svg.appendChild(element);
  };
}
