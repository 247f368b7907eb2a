import { parseSelection } from "../../core/catalog/selection.ts";
import type { PlacedNumber } from "../../core/results/pivot.ts";
import type { Scalar } from "../../core/results/value.ts";
import type { ListedValue } from "../../ports/value-catalog.ts";
import type { Project } from "../project.ts";
import { requireKnownDimensions, requireKnownNames } from "./known-names.ts";
import { type NameFlags, nameQuery } from "./name-filters.ts";
import { dimensionValues, remarkUnknownValues } from "./nothing-found.ts";
import type { Terminal } from "./terminal.ts";

/** A scalar with what it can be arranged by: its dimensions, provider and diagnostic. */
export interface FoundScalar extends PlacedNumber {
  readonly listed: ListedValue;
}

/** What has a place beside dimensions. */
const ownFacets = ["provider", "diagnostic"];

/** Reads a list of facets such as `source_id,metric`. */
export function facetList(text: string): readonly string[] {
  return text.split(",").filter((name) => name !== "");
}

/**
 * The scalars that selectors and names choose, as `values list` lists them.
 * @param request.facets dimensions, `provider` or `diagnostic` that they are to be arranged by
 * @throws UNKNOWN_NAME for a dimension, provider or diagnostic that there is not
 */
export async function findScalars(
  project: Project,
  request: {
    readonly words: readonly string[];
    readonly flags: NameFlags;
    readonly facets: readonly string[];
    readonly terminal: Terminal;
  },
): Promise<readonly FoundScalar[]> {
  const { words, flags, terminal } = request;
  const selection = parseSelection(words);
  const dimensions = request.facets.filter((name) => !ownFacets.includes(name));
  await requireKnownDimensions(
    [...selection, ...parseSelection(dimensions.map((name) => `${name}=*`))],
    project,
  );
  await requireKnownNames(flags, project);
  const { items, total } = await project.catalog.values.values({
    ...{ kind: "scalar", selection: words },
    ...nameQuery(flags),
  });
  await remarkUnknownValues({ found: total, selection, terminal }, () => dimensionValues(project));
  return items.map((listed) => {
    const { rid, provider, diagnostic } = listed;
    // The query asked for scalars.
    const { value, units, dimensions } = listed.value as Scalar;
    return { rid, value, units, facets: { ...dimensions, provider, diagnostic }, listed };
  });
}
