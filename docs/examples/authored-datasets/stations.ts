// Makes a dataset of files of a run, and uses a released version of it in another run.
import { readFileSync, writeFileSync } from "node:fs";
import type { ModelArguments } from "almanac";

/** Writes a file for each station, and puts all but the last into a dataset. */
export function collect({ execution }: ModelArguments): void {
  const readings = { davos: [3, 5, 4], bern: [9, 11, 10], aarau: [10, 12, 14] };
  const members = Object.entries(readings).map(([station, values]) => {
    const path = `stations/${station}.csv`;
    writeFileSync(execution.outputPath(path), `${values.join("\n")}\n`);
    return path;
  });
  const part = execution.createDataset({ name: "checked", types: ["Subset"], members: members.slice(0, 1) });
  execution.createDataset({
    name: "stations",
    description: "Readings of stations, a file for each",
    types: ["Complete"],
    members: [{ member: part, path: "checked" }, ...members.slice(1, 2)],
  });
}

/** The mean of every reading in the datasets that are inputs. */
export function average({ execution }: ModelArguments): void {
  const numbers = execution.inputs
    .flatMap(({ localPaths }) => localPaths)
    .flatMap((file) => readFileSync(file, "utf8").trim().split("\n").map(Number));
  execution.log.info(`${numbers.length} readings`);
  const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  writeFileSync(execution.outputPath("mean.txt"), `${mean}\n`);
}
