import type { SourceType } from "../core/catalog/source-type.ts";
import { releasedSourceType } from "../core/records/released-type.ts";
import { type OpenCatalogHow, openedCatalog } from "./open-catalog.ts";
import type { Catalog } from "./project.ts";

/** The source types that released versions of authored datasets are of. */
export type ReleasedTypes = () => Promise<readonly SourceType[]>;

/**
 * Asks the catalog once, when somebody names a source type that nobody declares. A command that opened none opens the
 * catalog for this, if there is one.
 * @param file of the catalog
 */
export function releasedTypes(
  catalog: Catalog,
  { file, ...how }: OpenCatalogHow & { readonly file: string },
): ReleasedTypes {
  let known: Promise<readonly SourceType[]> | undefined;
  const ask = async (): Promise<readonly SourceType[]> => {
    if (how.access !== "none" && how.access !== "admin") return typesIn(catalog);
    const { catalog: opened, close } = await openedCatalog(file, { ...how, access: "read-if-there" });
    try {
      return await typesIn(opened);
    } finally {
      await close();
    }
  };
  return () => (known ??= ask());
}

async function typesIn({ authored }: Pick<Catalog, "authored">): Promise<readonly SourceType[]> {
  return (await authored.releasedTypes()).map(releasedSourceType);
}
