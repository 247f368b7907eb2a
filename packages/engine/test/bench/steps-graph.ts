import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes a pipeline of ten layers: step i of a layer reads steps i and i + 1 of the layer before, and keeps 64 characters.
 * @param count number of steps, a multiple of ten
 * @returns path of the module
 */
export function writePipeline(folder: string, count: number): string {
  const file = join(folder, `pipeline-${count}.mjs`);
  writeFileSync(
    file,
    `import { pipelineOf } from "almanac/steps";
const width = ${count / 10};
const shorten = (texts) => texts.join("").slice(0, 64);
const steps = [];
for (let layer = 0; layer < 10; layer++)
  for (let at = 0; at < width; at++) {
    const id = "p" + layer + "_" + at;
    const requires = layer === 0 ? [] : ["p" + (layer - 1) + "_" + at, "p" + (layer - 1) + "_" + ((at + 1) % width)];
    steps.push(layer === 0
      ? { id, produces: id, captures: { id }, run: () => "source " + id + " " }
      : { id, produces: id, requires, run: ({ config, ...texts }) => shorten(Object.values(texts)) });
  }
export default pipelineOf("layers", steps, { config: {} });
`,
  );
  return file;
}

/**
 * Writes a pipeline that squares a list of numbers, item by item.
 * @param numbers JavaScript that makes the list from its index `i`; the list has 100,000 items
 */
export function writeMap(folder: string, name: string, numbers: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(
    file,
    `import { pipeline } from "almanac/steps";
export default pipeline("map", { config: {} })
  .step("numbers", { produces: "numbers", run: () => Array.from({ length: 100_000 }, (_, i) => ${numbers}) })
  .map("squares", { over: "numbers", produces: "squares", item: ({ item }) => item * item });
`,
  );
  return file;
}
