import { AlmanacError } from "../errors.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import type { Dataset } from "./dataset.ts";
import type { Snapshot } from "./snapshot.ts";
import { buildTable, type TableDeclaration } from "./snapshot-builder.ts";
import { builtInSourceTypes } from "./source-types.ts";

/** How to build a snapshot of one's own. */
export interface SnapshotOptions {
  /** Source types of one's own, beside the built-in ones. */
  readonly sourceTypes?: readonly Pick<TableDeclaration, "name" | "identityFacets">[];
  /** Default 1. */
  readonly revision?: number;
}

/**
 * The snapshot of a catalog that holds these datasets and nothing else. Their order and that of their files does not
 * matter. Input is copied.
 * @throws UNKNOWN_NAME when a dataset is of a source type that is neither built in nor given
 */
export function snapshotOf(datasets: readonly Dataset[], options: SnapshotOptions = {}): Snapshot {
  const { sourceTypes = [], revision = 1 } = options;
  const declarations = new Map<string, TableDeclaration>(
    [
      ...Object.values(builtInSourceTypes),
      ...sourceTypes.map(({ name, identityFacets }) => ({ name, identityFacets })),
    ].map((type) => [type.name, type]),
  );
  const byType = Map.groupBy(datasets, ({ sourceType }) => sourceType);
  const tables = [...byType]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .map(([name, ofType]) => {
      const declaration = declarations.get(name);
      if (declaration !== undefined) return [name, buildTable(declaration, ofType)] as const;
      throw new AlmanacError("UNKNOWN_NAME", `there is no source type "${name}"`, {
        hint: `source types are ${[...declarations.keys()].join(", ")}; give others as sourceTypes`,
        facts: { name },
      });
    });
  return { revision, tables: new Map(tables) };
}
