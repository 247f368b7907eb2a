import { relative } from "node:path/posix";
import type { DatasetCatalog, KnownFile } from "../ports/dataset-catalog.ts";
import type { FileTree, TreeFile } from "../ports/file-tree.ts";

/** A root of an ingestion, as the catalog's paths see it. */
interface CatalogRoot {
  /** What all paths below it begin with; empty when that is not enough to tell. */
  readonly prefix: string;
  readonly has: (path: string) => boolean;
}

/** What the catalog knows below the roots of an ingestion; files met are taken out, so that the vanished ones remain. */
export class KnownFiles {
  readonly #files: Map<string, KnownFile>;

  private constructor(files: Map<string, KnownFile>) {
    this.#files = files;
  }

  /** Loads what is recorded below the roots. */
  static async load(
    input: {
      readonly sourceType: string;
      readonly folders: readonly string[];
      readonly projectFolder: string;
    },
    { catalog, tree }: { readonly catalog: Pick<DatasetCatalog, "knownFiles">; readonly tree: FileTree },
  ): Promise<KnownFiles> {
    const files = new Map<string, KnownFile>();
    for (const folder of input.folders) {
      const root = catalogRoot(relative(input.projectFolder, folder), tree.kind(folder));
      for (const file of await catalog.knownFiles(input.sourceType, root.prefix)) {
        if (root.has(file.path)) files.set(file.path, file);
      }
    }
    return new KnownFiles(files);
  }

  /** What is known of a file that has been met. */
  take(path: string): KnownFile | undefined {
    const file = this.#files.get(path);
    if (file !== undefined) this.#files.delete(path);
    return file;
  }

  /** Forgets what is recorded below a folder that cannot be looked into: it has not vanished. */
  keepBelow(folder: string): void {
    for (const path of this.#files.keys()) if (path.startsWith(`${folder}/`)) this.#files.delete(path);
  }

  /** Files not met, without those already recorded as missing. */
  vanished(): readonly KnownFile[] {
    return [...this.#files.values()].filter(({ missing }) => !missing);
  }
}

/**
 * A root whose path from the project is `..` and no more holds the project, whose own files have no `..`; of those that have
 * any, it holds the ones with at most as many.
 */
function catalogRoot(path: string, kind: "file" | "folder" | undefined): CatalogRoot {
  if (kind === "file") {
    const slash = path.lastIndexOf("/");
    return { prefix: path.slice(0, slash + 1), has: (file) => file === path };
  }
  if (path !== "" && !/^\.\.(\/\.\.)*$/.test(path)) return { prefix: `${path}/`, has: () => true };
  const ups = path === "" ? 0 : path.split("/").length;
  const tooFar = "../".repeat(ups + 1);
  return { prefix: "", has: (file) => !file.startsWith(tooFar) };
}

/** True if size and modification time are those that the catalog has. */
export function isUnchanged(known: KnownFile, seen: Pick<TreeFile, "sizeBytes" | "mtimeMs">): boolean {
  return known.sizeBytes === seen.sizeBytes && known.mtimeMs === seen.mtimeMs;
}
