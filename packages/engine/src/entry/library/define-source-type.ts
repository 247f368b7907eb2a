import type { OwnSourceType } from "../../core/catalog/own-source-type.ts";

/**
 * Types a source type of one's own for `datasets.types` of the configuration; returns it as it is.
 * @example defineSourceType({ name: "runs", paths: "{source_id}_{variable_id}_{time_range}.nc", identityFacets: ["source_id", "variable_id"] });
 */
export function defineSourceType(sourceType: OwnSourceType): OwnSourceType {
  return sourceType;
}
