import { existsSync, realpathSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readCode } from "./read-code.ts";

/** What a specifier of an import leads to. */
export type ImportTarget =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "package"; readonly name: string; readonly version: string }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Finds what a module imports.
 * @param from path of the module
 * @throws FILE_UNREADABLE when a package.json cannot be read
 */
export function resolveImport(specifier: string, from: string): ImportTarget {
  if (/^(\.|\/|file:)/.test(specifier)) return resolveFile(specifier, from);
  if (specifier.startsWith("node:"))
    return { kind: "package", name: specifier, version: process.versions.node.split(".")[0] ?? "" };
  if (specifier.startsWith("#")) return resolveOwnName(specifier, from);
  const name = /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[1] ?? specifier;
  const manifest = manifestOf(name, from);
  if (manifest === undefined)
    return { kind: "unknown", reason: `no package "${name}" is found from ${from}` };
  const { version, exports } = JSON.parse(readCode(manifest)) as PackageManifest;
  if (name !== "almanac" && !realpathSync(manifest).split(path.sep).includes("node_modules"))
    return resolveLinked(specifier, from, exports);
  return { kind: "package", name, version: version ?? "" };
}

function resolveFile(specifier: string, from: string): ImportTarget {
  const wanted = fileURLToPath(new URL(specifier, pathToFileURL(from)));
  const tried = [wanted, wanted.replace(/\.js$/, ".ts"), wanted.replace(/\.mjs$/, ".mts")];
  const found = tried.find((each) => path.extname(each) !== "" && existsSync(each));
  return found === undefined
    ? { kind: "unknown", reason: `there is no file ${wanted}` }
    : { kind: "file", path: found };
}

/** The package.json of a package; of this very one wherever the importing module lies. */
function manifestOf(name: string, from: string): string | undefined {
  try {
    const found = findPackageJSON(name, pathToFileURL(from));
    if (found !== undefined) return found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
  }
  return name === "almanac" ? fileURLToPath(new URL("../../../package.json", import.meta.url)) : undefined;
}

interface PackageManifest {
  readonly version?: string;
  readonly exports?: unknown;
}

/** A package that lies elsewhere in the project, and the project itself by its name: its version does not tell its code. */
// allow-parameters: what is imported, by whom, and what the package says of its names
function resolveLinked(specifier: string, from: string, exports: unknown): ImportTarget {
  const unknown = {
    kind: "unknown",
    reason: "which file of the linked package it is cannot be seen",
  } as const;
  if (/"(import|require|module-sync)":/.test(JSON.stringify(exports ?? null))) return unknown;
  try {
    return { kind: "file", path: realpathSync(createRequire(from).resolve(specifier)) };
  } catch (error) {
    if (
      /^(MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED)$/.test((error as NodeJS.ErrnoException).code ?? "")
    )
      return unknown;
    throw error;
  }
}

/** What the `imports` of the project's package.json say of a name that begins with `#`, if they say it without conditions. */
function resolveOwnName(specifier: string, from: string): ImportTarget {
  const manifest = findPackageJSON(pathToFileURL(from));
  const { imports = {} } =
    manifest === undefined
      ? {}
      : (JSON.parse(readCode(manifest)) as { readonly imports?: Readonly<Record<string, unknown>> });
  const target = imports[specifier];
  return manifest !== undefined && typeof target === "string"
    ? resolveImport(target, manifest)
    : { kind: "unknown", reason: "the imports of package.json have no plain entry of this name" };
}
