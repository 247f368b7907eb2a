import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { AlmanacError } from "../../core/errors.ts";

/** A configuration file as read, before validation. */
export interface ConfigSource {
  readonly file: string;
  /** Its text, for positions in messages. */
  readonly text: string;
  readonly value: unknown;
}

/**
 * Reads a configuration file; modules (`.ts`, `.js`) are run.
 * @throws CONFIG_INVALID when it cannot be read, parsed or run, or a module has no default export
 */
export async function readConfig(file: string): Promise<ConfigSource> {
  try {
    const text = readFileSync(file, "utf8");
    return { file, text, value: await parseConfig(file, text) };
  } catch (cause) {
    if (cause instanceof AlmanacError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AlmanacError("CONFIG_INVALID", `${file} cannot be used: ${why}`, {
      hint: "correct the file, or move it away and run: almanac init",
      facts: { file },
      cause,
    });
  }
}

async function parseConfig(file: string, text: string): Promise<unknown> {
  switch (path.extname(file)) {
    case ".json":
      return JSON.parse(text);
    case ".toml":
      return (await import("smol-toml")).parse(text);
    default:
      return requireDefault(file, (await import(pathToFileURL(file).href)) as Record<string, unknown>);
  }
}

function requireDefault(file: string, module: Record<string, unknown>): unknown {
  if (module["default"] !== undefined) return module["default"];
  throw new AlmanacError("CONFIG_INVALID", `${file} has no default export`, {
    hint: "write: export default defineConfig({ … })",
    facts: { file },
  });
}
