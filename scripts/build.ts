// npm run build: what the published package holds, in packages/engine/dist.
// npm run build -- FOLDER: the same in another place. The command line prefers dist over src, so a build
// left in a checkout hides later changes of the sources: remove it, or use npm run pack, which leaves none.
//
// 1. tsc emits the .d.ts of each source.
// 2. rolldown joins modules that are always loaded together into one file of dist/chunks, with those dependencies that the
//    command line loads at its start: finding and reading hundreds of files is most of the start-up time. All other
//    dependencies (native, WebAssembly, figures) stay packages. What others import, or start by its path, is an entry and
//    lies in dist as its source does in src.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";
import { parseSync } from "oxc-parser";
import { type Plugin, rolldown } from "rolldown";

const root = dirname(import.meta.dirname);
const engine = join(root, "packages", "engine");
const sources = join(engine, "src");
const dist = resolve(process.argv[2] ?? join(engine, "dist"));

/** Dependencies that are joined with the program. */
const joined: readonly string[] = [
  "commander",
  "kysely",
  "kysely/migration",
  "zod",
  "smol-toml",
  "cli-table3",
  "fastest-levenshtein",
  "yaml",
];

/** Sources that are started by their path: what `bin` imports, and programs of other processes and threads. */
const programs: readonly string[] = [
  "entry/self-resolve",
  "entry/cli/main",
  "entry/worker/main",
  "entry/header-worker/main",
  "adapters/files/removal-thread",
  "adapters/sqlite/checkpoint-thread",
];

/** Sources that a package imports by the names in our manifest. */
function exported(): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(engine, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  };
  return Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [] : target.default.replace(/^\.\/dist\/|\.js$/g, ""),
  );
}

/** Begins the text that stands for the address of dist while it is not known from where. */
const distFolder = "almanac-dist:";

/** A module that looks for a file beside itself finds it where it would without being joined. */
const ownPlaces: Plugin = {
  name: "own-places",
  transform(text, id) {
    const place = relative(sources, id);
    if (place.startsWith("..") || !text.includes("import.meta.url")) return null;
    const address = `new URL(${JSON.stringify(distFolder + place.replace(/\.ts$/, ".js"))}, import.meta.url).href`;
    let changed = text;
    for (const { start, end } of parseSync(id, text).module.importMetas.toReversed())
      changed = `${changed.slice(0, start)}${address}${changed.slice(end).replace(/^\.url/, "")}`;
    return changed;
  },
  renderChunk(text, { fileName }) {
    const up = posix.relative(posix.dirname(fileName), "");
    return text.includes(distFolder) ? text.replaceAll(distFolder, `${up}/`) : null;
  },
};

function declareTypes(): void {
  rmSync(dist, { recursive: true, force: true });
  const tsc = join(root, "node_modules", ".bin", "tsc");
  const options = ["-p", join(engine, "tsconfig.build.json"), "--emitDeclarationOnly", "--outDir", dist];
  execFileSync(tsc, options, { stdio: "inherit" });
}

async function joinModules(): Promise<void> {
  const names = [...programs, ...exported()];
  const bundle = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, join(sources, `${name}.ts`)])),
    cwd: engine,
    platform: "node",
    logLevel: "warn",
    plugins: [ownPlaces],
    external: (id, importer) =>
      importer?.startsWith(sources) === true && /^[^./]/.test(id) && !joined.includes(id),
    // A package's ES module first: joined CommonJS would keep its default export only.
    resolve: {
      mainFields: ["module", "main"],
      alias: { yaml: join(root, "node_modules", "yaml", "browser", "index.js") },
    },
  });
  await bundle.write({
    dir: dist,
    format: "esm",
    minify: "dce-only",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
  });
  await bundle.close();
}

declareTypes();
await joinModules();
console.log(`built ${dist}`);
