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

/** The temperature field as an SVG picture, hot below. */
export function temperatureFigure(temperature: Float64Array, palette: string): string {
  const nodes = Math.round(Math.sqrt(temperature.length));
  const size = 400 / nodes;
  const cells = Array.from(temperature, (value, at) => {
    const [x, y] = [(at % nodes) * size, (nodes - 1 - Math.floor(at / nodes)) * size];
    return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(size + 0.5).toFixed(1)}" height="${(size + 0.5).toFixed(1)}" fill="${colourOf(value, palette)}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">${cells.join("")}</svg>\n`;
}
