import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { fontFamily } from "./style.ts";

/**
 * Renders a figure as PNG on white, in the typeface shipped with the program; fonts of the machine are not looked at, so
 * that every machine gives the same picture.
 * @param svg text of an SVG file
 * @param widthPixels width of the picture; the height follows
 */
export function svgToPng(svg: string, widthPixels = 1720): Uint8Array {
  const require = createRequire(import.meta.url);
  const fontFiles = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) =>
    require.resolve(`dejavu-fonts-ttf/ttf/${name}`),
  );
  return new Resvg(svg, {
    background: "white",
    fitTo: { mode: "width", value: widthPixels },
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: fontFamily, sansSerifFamily: fontFamily },
  })
    .render()
    .asPng();
}
