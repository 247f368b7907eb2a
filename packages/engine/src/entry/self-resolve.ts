import { registerHooks } from "node:module";

/**
 * Address of the running copy's module for an import specifier.
 * @param specifier as written in an import: `almanac`, `almanac/science`, …
 * @returns undefined for anything that is not the package itself
 */
export function ownModuleUrl(specifier: string): string | undefined {
  const name = /^almanac(?:\/([a-z-]+))?$/.exec(specifier);
  if (name === null) return undefined;
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./library/${name[1] ?? "index"}.${extension}`, import.meta.url).href;
}

/**
 * Lets modules of the user import `almanac` and its sub-paths and get exactly the copy that is running, wherever they
 * lie and whatever is installed there: two copies would have two `AlmanacError` classes and two answers.
 * Called once by each program (command line, worker) before it imports a user's module.
 */
export function registerSelfResolve(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = ownModuleUrl(specifier);
      return nextResolve(url ?? specifier, context);
    },
  });
}
