import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { Codec } from "../../core/steps/codec.ts";

/** A file as a product. A step returns one that it has written; who requires it gets the store's copy, which must not be changed. */
export interface FileProduct {
  readonly kind: "almanac.file";
  /** Its name without folders. */
  readonly name: string;
  readonly path: string;
}

/** A folder as a product: the files in it by relative path, with `/`. */
export interface FolderProduct {
  readonly kind: "almanac.folder";
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A file that a step has written, to be returned as a product; the store copies it. */
export function fileProduct(path: string): FileProduct {
  return { kind: "almanac.file", name: basename(path), path };
}

/** A folder that a step has filled, to be returned as a product; the store copies what is in it now. */
export function folderProduct(path: string): FolderProduct {
  const names = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(path.length + (path.endsWith(sep) ? 0 : 1)))
    .sort(compareCodeUnits);
  const files = Object.fromEntries(names.map((name) => [name.split(sep).join("/"), join(path, name)]));
  return { kind: "almanac.folder", name: basename(path), files };
}

/**
 * Copies a file or folder product out of the store.
 * @param target the new file, or the folder to copy into
 */
export function copyProduct(product: FileProduct | FolderProduct, target: string): void {
  const pairs =
    product.kind === "almanac.file" ? [["", product.path] as const] : Object.entries(product.files);
  for (const [name, from] of pairs) {
    const to = name === "" ? target : join(target, name);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
}

function isKind(value: unknown, kind: string): boolean {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === kind;
}

/** True for what `fileProduct` and `folderProduct` make, and for what is loaded of them. */
export function isFileProduct(value: unknown): value is FileProduct | FolderProduct {
  return isKind(value, "almanac.file") || isKind(value, "almanac.folder");
}

/** Files. */
export const fileCodec: Codec = {
  name: "file",
  accepts: (value) => isKind(value, "almanac.file"),
  encode: (value) => {
    const { name, path } = value as FileProduct;
    return { bytes: Buffer.from(JSON.stringify({ name })), files: [{ path: name, from: path }] };
  },
  decode: (bytes, { file }): FileProduct => {
    const { name } = JSON.parse(Buffer.from(bytes).toString()) as { readonly name: string };
    return { kind: "almanac.file", name, path: file(name) };
  },
};

/** Folders. */
export const folderCodec: Codec = {
  name: "folder",
  accepts: (value) => isKind(value, "almanac.folder"),
  encode: (value) => {
    const { name, files } = value as FolderProduct;
    const names = Object.keys(files).sort(compareCodeUnits);
    if (names.length === 0)
      throw new AlmanacError("CODEC_FAILED", `folder "${name}" is empty`, {
        hint: "return a folder with files in it",
      });
    return {
      bytes: Buffer.from(JSON.stringify({ name, files: names })),
      files: names.map((path) => ({ path, from: files[path] ?? "" })),
    };
  },
  decode: (bytes, { file }): FolderProduct => {
    const { name, files } = JSON.parse(Buffer.from(bytes).toString()) as {
      name: string;
      files: readonly string[];
    };
    return {
      kind: "almanac.folder",
      name,
      files: Object.fromEntries(files.map((path) => [path, file(path)])),
    };
  },
};
