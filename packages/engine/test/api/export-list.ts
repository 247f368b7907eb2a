import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseSync } from "oxc-parser";

const engine = resolve(import.meta.dirname, "../..");

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

/** What a source file exports, types marked; `export *` is followed. */
function exportsOf(file: string): readonly string[] {
  const { module } = parseSync(file, readFileSync(file, "utf8"));
  return module.staticExports.flatMap(({ entries }) =>
    entries.flatMap((entry) => {
      const from = entry.moduleRequest?.value;
      if (entry.importName.kind === "AllButDefault" && from !== undefined)
        return exportsOf(resolve(file, "..", from));
      return [`${entry.isType ? "type " : ""}${entry.exportName.name}`];
    }),
  );
}

/** The modules that the package exports, each with the file that it is made of and what that exports, sorted. */
export function exportedModules(): readonly {
  readonly name: string;
  readonly source: string;
  readonly entries: readonly string[];
}[] {
  const { exports } = JSON.parse(readFileSync(join(engine, "package.json"), "utf8")) as Manifest;
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === "string") return [];
    const source = join(engine, target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts"));
    return [{ name: path.replace(".", "almanac"), source, entries: [...exportsOf(source)].sort() }];
  });
}

/** The public API as text: what `exports.txt` holds. */
export function exportList(): string {
  return exportedModules()
    .map(({ name, entries }) => [name, ...entries.map((each) => `  ${each}`), ""].join("\n"))
    .join("\n");
}

/** File of the list that was agreed on. */
export const agreedList: string = join(import.meta.dirname, "exports.txt");
