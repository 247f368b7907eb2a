import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { diskTree } from "../../src/adapters/files/walk.ts";
import { MemoryHeaders } from "../../src/adapters/memory/memory-headers.ts";
import { type OpenCatalog, openCatalog } from "../../src/adapters/sqlite/open.ts";
import { ingest } from "../../src/app/ingest.ts";
import type { IngestInput, IngestPorts } from "../../src/app/ingest-ports.ts";
import type { IngestReport } from "../../src/app/ingest-report.ts";
import { cmip6 } from "../../src/core/catalog/cmip6.ts";
import type { FileHeader } from "../../src/core/catalog/source-type.ts";
import type { Event } from "../../src/ports/events.ts";
import { cmip6Attributes, cmip6Folder, cmip6Id, cmip6Path } from "./cmip6-file.ts";

/** Folder of a CMIP6 dataset below an archive's root. */
export const tasFolder = cmip6Folder();

/** Id of the dataset in `tasFolder`. */
export const tasId = cmip6Id();

/** Path of one of its files below the root. */
export function tasPath(months = "185001-185912", folder = tasFolder): string {
  return `${folder}/${basename(cmip6Path({ months }))}`;
}

/** Header of such a file. */
export function tasHeader(attributes: Readonly<Record<string, string>> = {}): FileHeader {
  return {
    attributes: { ...cmip6Attributes(), ...attributes },
    variables: { tas: { units: "K", standard_name: "air_temperature" } },
    verticalLevels: 1,
    start: "1850-01-16 12:00:00",
    end: "1859-12-16 12:00:00",
    calendar: "proleptic_gregorian",
    timeUnits: "days since 1850-01-01",
  };
}

/** A real folder with empty files whose headers are held in memory, and a catalog in memory. */
export class Archive implements AsyncDisposable {
  /** Folder that the catalog's paths start from; holds `data`. */
  readonly project: string;
  readonly catalog: OpenCatalog;
  readonly events: Event[] = [];
  readonly #headers: Map<string, FileHeader | string>;
  readonly reader: MemoryHeaders;

  private constructor(project: string, catalog: OpenCatalog) {
    this.project = project;
    this.catalog = catalog;
    this.#headers = new Map();
    this.reader = new MemoryHeaders(this.#headers);
  }

  static async make(): Promise<Archive> {
    return new Archive(
      mkdtempSync(join(tmpdir(), "almanac-archive-")),
      await openCatalog({ file: ":memory:" }),
    );
  }

  /** The root of the files. */
  get root(): string {
    return join(this.project, "data");
  }

  /** Writes a file below the root. @param header a text is the reason why it cannot be used */
  put(path: string, header: FileHeader | string, { mtime = 1_000_000, root = this.root } = {}): string {
    const absolute = join(root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, "");
    utimesSync(absolute, mtime, mtime);
    this.#headers.set(absolute, header);
    return absolute;
  }

  remove(path: string): void {
    const absolute = join(this.root, path);
    rmSync(absolute, { recursive: true });
    for (const file of this.#headers.keys()) if (file.startsWith(absolute)) this.#headers.delete(file);
  }

  get ports(): IngestPorts {
    return {
      catalog: this.catalog.datasets,
      tree: diskTree,
      headers: this.reader,
      emit: (event) => this.events.push(event),
    };
  }

  ingest(
    input: Partial<IngestInput> = {},
    options: Partial<IngestPorts> & { signal?: AbortSignal } = {},
  ): Promise<IngestReport> {
    const { signal = new AbortController().signal, ...ports } = options;
    return ingest(
      { sourceType: cmip6, folders: [this.root], mode: "full", projectFolder: this.project, ...input },
      { ...this.ports, ...ports },
      signal,
    );
  }

  /** All datasets as listed. */
  async datasets(): ReturnType<OpenCatalog["datasets"]["list"]> {
    return this.catalog.datasets.list({});
  }

  /** Ids and paths that the solver sees. */
  async solverSees(): Promise<Readonly<Record<string, readonly string[]>>> {
    const table = (await this.catalog.datasets.snapshot()).tables.get("cmip6");
    return Object.fromEntries(
      (table?.ids ?? []).map((id, row) => [
        id,
        table?.paths.slice(table.fileOffsets[row], table.fileOffsets[row + 1]) ?? [],
      ]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.catalog.close();
    rmSync(this.project, { recursive: true, force: true });
  }
}
