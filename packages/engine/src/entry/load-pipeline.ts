import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { SharingOptions } from "../adapters/shared-products/shared-products.ts";
import { AlmanacError } from "../core/errors.ts";
import type { Pipeline } from "../core/steps/pipeline.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { ProductStore } from "../ports/product-store.ts";
import { productFolder, withShared } from "./product-folder.ts";

/** What a pipeline module exports. */
export interface LoadedPipeline {
  readonly pipeline: Pipeline<unknown, unknown>;
  /** Its export `config`, if there is one. */
  readonly config: unknown;
  readonly store: ProductStore;
}

/** Where a pipeline is looked for. */
export interface PipelinePlace {
  readonly cwd: string;
  /** Module relative to `cwd`, or a folder; default: the first of `defaultNames` there. */
  readonly file: string | undefined;
  /** Folder of the products relative to `cwd`; default: the export `products`, else `products` beside the module. */
  readonly products: string | undefined;
  /** Shared products: a folder relative to `cwd`; default: the export `shared`; `false`: none. */
  readonly shared?: string | false | undefined;
  readonly sharing?: SharingOptions;
}

const defaultNames = ["pipeline.ts", "pipeline.js", "pipeline.mjs"] as const;

/**
 * Imports a module whose default export is a pipeline; it may export `config` and `products` too.
 * @throws PIPELINE_INVALID when there is no such module, it cannot be loaded or exports no pipeline
 */
export async function loadPipeline(place: PipelinePlace): Promise<LoadedPipeline> {
  const file = pipelineFile(place);
  const exported = await importModule(file);
  const found = exported["default"] ?? exported["pipeline"];
  if (!isPipeline(found))
    throw new AlmanacError("PIPELINE_INVALID", `${file} exports no pipeline`, {
      hint: 'write: export default pipeline("name").step(…)',
    });
  const own = storeOf(place, { file, exported: exported["products"] });
  const shared = sharedOf(place, { file, exported: exported["shared"] });
  const store = shared === undefined ? own : withShared(own, { ...place.sharing, place: shared });
  return { pipeline: found, config: exported["config"], store };
}

function pipelineFile({ cwd, file }: PipelinePlace): string {
  const given = file === undefined ? undefined : path.resolve(cwd, file);
  const isFolder = given === undefined || statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
  const folder = given !== undefined && isFolder ? given : cwd;
  const candidates = isFolder ? defaultNames.map((name) => path.join(folder, name)) : [given];
  const found = candidates.find((each) => existsSync(each));
  if (found !== undefined) return found;
  const sought = isFolder || file === undefined ? defaultNames.join(" or ") : file;
  throw new AlmanacError("PIPELINE_INVALID", `there is no ${sought} in ${folder}`, {
    hint: "name the module that exports the pipeline: --pipeline FILE",
  });
}

async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    // A declaration that is wrong says so itself; whatever else a user's module throws is a fact about it.
    if (error instanceof AlmanacError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new AlmanacError("PIPELINE_INVALID", `${file} cannot be loaded: ${message}`, { cause: error });
  }
}

function isPipeline(value: unknown): value is Pipeline<unknown, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "graph" in value &&
    "steps" in value &&
    typeof value.graph === "function"
  );
}

function storeOf(
  { cwd, products }: PipelinePlace,
  { file, exported }: { file: string; exported: unknown },
): ProductStore {
  if (products !== undefined) return productFolder(path.resolve(cwd, products));
  if (typeof exported === "string") return productFolder(path.resolve(path.dirname(file), exported));
  const isStore = typeof exported === "object" && exported !== null && "open" in exported;
  return isStore ? (exported as ProductStore) : productFolder(path.join(path.dirname(file), "products"));
}

function sharedOf(
  { cwd, shared, sharing }: PipelinePlace,
  { file, exported }: { file: string; exported: unknown },
): string | BlobStore | undefined {
  if (shared === false) return undefined;
  if (shared !== undefined) return placeFrom(cwd, shared);
  if (typeof exported === "string") return placeFrom(path.dirname(file), exported);
  if (typeof exported === "object" && exported !== null && "put" in exported) return exported as BlobStore;
  if (sharing?.readOnly !== true && sharing?.required !== true) return undefined;
  throw new AlmanacError("USAGE", "there are no shared products to be read only or required", {
    hint: "name a folder that others reach too: --shared FOLDER",
  });
}

/** A folder, from where it was named; what has a scheme is no folder. */
function placeFrom(base: string, place: string): string {
  return place.includes("://") ? place : path.resolve(base, place);
}
