// Records of a type of one's own, and a feature that a later run attaches to them.
import { appendFileSync, writeFileSync } from "node:fs";
import type { ModelArguments } from "almanac";

/** Makes two records of the type `Site`: rows of a CSV file whose heading is there already. */
export function enrol({ execution }: ModelArguments): void {
  appendFileSync(execution.recordTable("Site"), 'Davos,1594\n"Bern, Altstadt",540\n');
}

/** Judges every site, with a sketch as a file of this run for those that are high. */
export async function judge({ execution, catalog }: ModelArguments): Promise<void> {
  const { items } = await catalog.typedRecords.list({ type: "Site" });
  const sketch = execution.outputPath("high sites.svg");
  writeFileSync(sketch, '<svg xmlns="http://www.w3.org/2000/svg"/>');
  execution.addFeatures(
    items.map(({ rid, values }) => {
      const high = Number(values["height"]) > 1000;
      return {
        feature: "Site/quality",
        target: rid,
        values: {
          grade: high ? "fine" : "poor",
          score: Number(values["height"]) / 10,
          sketch: high ? sketch : null,
        },
      };
    }),
  );
}
