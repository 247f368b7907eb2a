// Releases a dataset with facets: solving then sees it as one of the source type "stations".
import { writeFileSync } from "node:fs";
import type { ModelArguments } from "almanac";

/** Writes a file for each station of a region, and makes a dataset of them. */
export function collect({ execution, config }: ModelArguments): void {
  const region = String(config["region"] ?? "alps");
  const members = ["davos", "bern"].map((station) => {
    const path = `${region}/${station}.csv`;
    writeFileSync(execution.outputPath(path), `${station.length}\n`);
    return path;
  });
  execution.createDataset({
    name: "stations",
    members,
    facets: { region },
    draft: config["draft"] === true,
  });
}
