import { lineFigure } from "almanac/science";
import type { Moment } from "./heat.ts";

/** Colours from cold to hot, as red, green and blue at 0, ½ and 1. */
const palettes: Readonly<Record<string, readonly (readonly [number, number, number])[]>> = {
  fire: [
    [20, 20, 70],
    [220, 70, 40],
    [255, 240, 160],
  ],
  grey: [
    [20, 20, 20],
    [130, 130, 130],
    [240, 240, 240],
  ],
};

function colourOf(value: number, palette: string): string {
  const colours = palettes[palette] ?? palettes["fire"] ?? [];
  const place = Math.min(1, Math.max(0, value)) * 2;
  const low = Math.min(1, Math.floor(place));
  const mix = (channel: 0 | 1 | 2) => {
    const [from, to] = [colours[low]?.[channel] ?? 0, colours[low + 1]?.[channel] ?? 0];
    return Math.round(from + (to - from) * (place - low));
  };
  return `rgb(${mix(0)},${mix(1)},${mix(2)})`;
}

/** A rectangle; half a pixel larger, so that no seams show. */
function rectangle([x, y]: readonly [number, number], size: number, fill: string): string {
  const side = (size + 0.5).toFixed(1);
  return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${side}" height="${side}" fill="${fill}"/>`;
}

/** The temperature field as an SVG picture, hot below, with a bar of its colours. */
export function temperatureFigure(temperature: Float64Array, palette: string): string {
  const nodes = Math.round(Math.sqrt(temperature.length));
  const size = 400 / nodes;
  const cells = Array.from(temperature, (value, at) =>
    rectangle(
      [20 + (at % nodes) * size, 50 + (nodes - 1 - Math.floor(at / nodes)) * size],
      size,
      colourOf(value, palette),
    ),
  );
  const bar = Array.from({ length: 40 }, (_, at) =>
    rectangle([440, 440 - at * 10], 10, colourOf((at + 0.5) / 40, palette)),
  );
  const label = (y: number, text: string) => `<text x="458" y="${y}">${text}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 470" font-family="DejaVu Sans" font-size="14">
<text x="20" y="32" font-size="18">Temperature</text>
${cells.join("")}
${bar.join("")}
${label(61, "1")}${label(255, "0.5")}${label(450, "0")}
</svg>
`;
}

/** The heat flow as it settles, as an SVG picture. */
export function nusseltFigure(series: readonly Moment[], rayleigh: number): string {
  return lineFigure({
    title: "Heat flow through the box",
    subtitle: `in units of conduction alone; Rayleigh number ${rayleigh}`,
    x: { name: "time", units: "diffusion times" },
    y: { name: "Nusselt number", units: "" },
    lines: [
      { label: "Nusselt number", x: series.map(({ time }) => time), y: series.map((at) => at.nusselt) },
    ],
  });
}
