import path from "node:path";
import type { IngestPorts } from "../app/ingest-ports.ts";
import type { SourceTypes } from "../core/catalog/source-types.ts";
import type { EventSink } from "../ports/events.ts";
import type { Catalog, Project } from "./project.ts";

/** What brings datasets into a project's catalog is made of. */
export interface IngestingParts {
  readonly folder: string;
  readonly catalog: Catalog;
  readonly sourceTypes: SourceTypes;
  readonly ingestPorts: () => IngestPorts;
  readonly emit: EventSink;
}

/** Wires what brings datasets into the catalog; each way is loaded when it is taken. */
export function createIngesting({
  folder,
  catalog,
  sourceTypes,
  ingestPorts,
  emit,
}: IngestingParts): Pick<Project, "ingest" | "importCatalog" | "exportCatalog"> {
  return {
    ingest: async (input, signal) => {
      const { ingest } = await import("../app/ingest.ts");
      const sourceType = sourceTypes.require(input.sourceType);
      return ingest({ ...input, sourceType, projectFolder: folder }, ingestPorts(), signal);
    },
    importCatalog: async (input, signal) => {
      const { importCatalog } = await import("../app/import-catalog.ts");
      const { catalogFileReader } = await import("../adapters/catalog-file/catalog-file-reader.ts");
      const sourceType = input.sourceType === undefined ? undefined : sourceTypes.require(input.sourceType);
      const ports = { catalog: catalog.datasets, reader: catalogFileReader, emit };
      const files = input.files.map(({ file, form }) => ({ file: path.resolve(folder, file), form }));
      return importCatalog({ files, sourceType, sourceTypes: sourceTypes.all }, ports, signal);
    },
    exportCatalog: async ({ file, form, sourceType, selection = [] }) => {
      const { exportCatalog } = await import("../app/export-catalog.ts");
      const { catalogFileWriter } = await import("../adapters/catalog-file/catalog-file-writer.ts");
      const chosen = sourceType === undefined ? undefined : sourceTypes.require(sourceType);
      const input = {
        file: path.resolve(folder, file),
        form,
        sourceType: chosen,
        sourceTypes: sourceTypes.all,
        selection,
      };
      return exportCatalog(input, { catalog: catalog.datasets, writer: catalogFileWriter });
    },
  };
}
