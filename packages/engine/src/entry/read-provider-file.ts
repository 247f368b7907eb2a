import { readFileSync } from "node:fs";
import path from "node:path";
import type { SourceType } from "../core/catalog/source-type.ts";
import type { Provider } from "../core/diagnostic/diagnostic.ts";

const endings: ReadonlySet<string> = new Set([".yaml", ".yml", ".json", ".toml"]);

/** True if a provider is declared in a data file, as its ending tells, not in a module. */
export function isProviderFile(file: string): boolean {
  return endings.has(path.extname(file).toLowerCase());
}

/**
 * Reads a provider declared in a data file.
 * @param file absolute
 * @param options `name`: as the configuration has it, for messages; `sourceTypes`: what declarations are checked with
 * @throws PROVIDER_INVALID with every problem of the file
 */
export async function readProviderFile(
  file: string,
  { name, sourceTypes }: { readonly name: string; readonly sourceTypes: readonly SourceType[] | undefined },
): Promise<Provider> {
  const { parseProviderFile } = await import("../documents/provider/parse.ts");
  const { sourceFormOf } = await import("../documents/provider/source-text.ts");
  return parseProviderFile(readFileSync(file), {
    file: name,
    form: sourceFormOf(file) ?? "yaml",
    folder: path.dirname(file),
    sourceTypes,
  });
}
