import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { FeatureValue } from "../../core/records/feature.ts";
import { type FeatureSelector, selectFeatureValue } from "../../core/records/feature-selector.ts";
import type { FeatureCatalog } from "../../ports/feature-catalog.ts";

/** Which values of a feature to read. */
export interface FeatureReading {
  /** `<target>/<name>`. */
  readonly feature: string;
  readonly targets?: readonly Rid[];
  /** One value of each target; without it all values. */
  readonly selector?: FeatureSelector;
}

/** Values read from the catalog at a time. */
const portion = 5000;

/**
 * Values of a feature, target by target, those of one target oldest first; however many there are, few are in memory.
 * @throws UNKNOWN_NAME when there is no such feature, or no such column to vote in
 */
export async function* readFeatureValues(
  { selector, ...reading }: FeatureReading,
  features: Pick<FeatureCatalog, "feature" | "values">,
): AsyncGenerator<FeatureValue> {
  await requireVote({ ...reading, ...(selector === undefined ? {} : { selector }) }, features);
  for await (const values of byTarget(reading, features))
    if (selector === undefined) yield* values;
    else {
      const chosen = selectFeatureValue(values, selector);
      if (chosen !== undefined) yield chosen;
    }
}

async function requireVote(
  { feature, selector }: FeatureReading,
  features: Pick<FeatureCatalog, "feature">,
): Promise<void> {
  if (selector?.by !== "majority" || selector.column === undefined) return;
  const columns = (await features.feature(feature))?.columns.map(({ name }) => name) ?? [];
  if (columns.includes(selector.column)) return;
  throw new AlmanacError("UNKNOWN_NAME", `the feature ${feature} has no column "${selector.column}"`, {
    hint: `columns: ${columns.join(", ")}`,
    facts: { feature, column: selector.column },
  });
}

async function* byTarget(
  reading: Omit<FeatureReading, "selector">,
  features: Pick<FeatureCatalog, "feature" | "values">,
): AsyncGenerator<readonly FeatureValue[]> {
  let gathered: FeatureValue[] = [];
  for await (const value of all(reading, features)) {
    if (gathered[0] !== undefined && gathered[0].target !== value.target) {
      yield oldestFirst(gathered);
      gathered = [];
    }
    gathered.push(value);
  }
  if (gathered.length > 0) yield oldestFirst(gathered);
}

/** Results of another catalog may have come later than younger ones of this: their RIDs do not tell their age. */
function oldestFirst(values: readonly FeatureValue[]): readonly FeatureValue[] {
  return values.toSorted((a, b) => compareCodeUnits(a.at, b.at));
}

async function* all(
  reading: Omit<FeatureReading, "selector">,
  features: Pick<FeatureCatalog, "feature" | "values">,
): AsyncGenerator<FeatureValue> {
  for (let after: FeatureValue | undefined; ; ) {
    const page = await features.values({
      ...reading,
      ...(after === undefined ? {} : { after }),
      limit: portion,
    });
    yield* page;
    after = page.at(-1);
    if (page.length < portion) return;
  }
}
