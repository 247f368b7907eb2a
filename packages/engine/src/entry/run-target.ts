import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { RunFunction } from "../app/records/compute-function.ts";
import type { ModelArguments } from "../app/records/read-catalog.ts";
import { AlmanacError, isAlmanacError } from "../core/errors.ts";

/** What a run runs. */
export type RunTarget =
  | {
      readonly kind: "function";
      /** Absolute path of the module. */
      readonly module: string;
      readonly name: string;
      readonly run: (given: ModelArguments) => unknown;
      /** True: a dry run calls it too. */
      readonly preview: boolean;
    }
  | {
      /** A block of code between its beginning and its end. */
      readonly kind: "block";
      /** Absolute path of the file that holds it; undefined when nobody said. */
      readonly module: string | undefined;
      readonly run: RunFunction;
    }
  | {
      readonly kind: "command";
      readonly argv: readonly string[];
      /** Absolute path of the script among the arguments; undefined when none is a file. */
      readonly script: string | undefined;
    };

/** A target, or why it cannot be run: the rest of what a run names is checked all the same. */
export type FoundTarget = { readonly target: RunTarget } | { readonly refusal: AlmanacError };

/** Looks for a target. @throws any error but RUN_INVALID */
export async function findTarget(look: () => RunTarget | Promise<RunTarget>): Promise<FoundTarget> {
  try {
    return { target: await look() };
  } catch (error) {
    if (isAlmanacError(error, "RUN_INVALID")) return { refusal: error };
    throw error;
  }
}

/**
 * Imports the function that `module.ts#name` names; without a name the default export.
 * @throws RUN_INVALID when there is no such module or function, or the module cannot be loaded
 */
export async function functionTarget(text: string, cwd: string): Promise<RunTarget> {
  const [file = "", name = "default"] = text.split("#");
  const module = path.resolve(cwd, file);
  if (!existsSync(module))
    throw new AlmanacError("RUN_INVALID", `there is no module ${module}`, {
      hint: "a command line is run by: almanac run -- command arguments",
      facts: { module },
    });
  const exported = await importModule(module);
  const run = exported[name];
  if (typeof run !== "function") throw noFunction({ module, name, exported });
  const preview = (run as { readonly preview?: unknown }).preview === true;
  return { kind: "function", module, name, run: run as (given: ModelArguments) => unknown, preview };
}

function noFunction({
  module,
  name,
  exported,
}: {
  readonly module: string;
  readonly name: string;
  readonly exported: Readonly<Record<string, unknown>>;
}): AlmanacError {
  const functions = Object.keys(exported).filter((each) => typeof exported[each] === "function");
  return new AlmanacError("RUN_INVALID", `${module} exports no function "${name}"`, {
    hint:
      functions.length === 0
        ? "export the function that the run is to call"
        : `it exports ${functions.map((each) => `#${each}`).join(", ")}`,
    facts: { module, name },
  });
}

async function importModule(module: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(module).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    // The module is the user's code: whatever it throws is a fact about it.
    const message = error instanceof Error ? error.message : String(error);
    throw new AlmanacError("RUN_INVALID", `${module} cannot be loaded: ${message}`, { cause: error });
  }
}

/** The command line to run; its code is the first argument that is a file, as seen from `cwd`. */
export function commandTarget(argv: readonly string[], cwd: string): RunTarget {
  const script = argv
    .map((each) => path.resolve(cwd, each))
    .find((each) => statSync(each, { throwIfNoEntry: false })?.isFile() === true);
  return { kind: "command", argv, script };
}
