// npm run build: what the published package holds, in packages/engine/dist.
// npm run build -- FOLDER: the same in another place. The command line prefers dist over src, so a build
// left in a checkout hides later changes of the sources: remove it, or use npm run pack, which leaves none.
//
// 1. tsc emits packages/engine/dist, one .js and .d.ts per source in the same places: a program that another process starts by
//    path, or that looks for a file beside itself, finds it the same way in dist as in src.
// 2. rolldown joins each dependency that the command line loads at its start into one file of dist/vendor, and imports of
//    it in dist are redirected there. They have hundreds of files; reading those is most of the start-up time. All other
//    dependencies (native, WebAssembly, figures) stay packages.
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { parseSync } from "oxc-parser";
import { rolldown } from "rolldown";

const root = dirname(import.meta.dirname);
const engine = join(root, "packages", "engine");
const dist = resolve(process.argv[2] ?? join(engine, "dist"));

/** Import specifier → name of its file in dist/vendor. */
const vendored: Readonly<Record<string, string>> = {
  commander: "commander",
  kysely: "kysely",
  "kysely/migration": "kysely-migration",
  zod: "zod",
  "smol-toml": "smol-toml",
  "cli-table3": "cli-table3",
  "fastest-levenshtein": "fastest-levenshtein",
  yaml: "yaml",
};

function compile(): void {
  rmSync(dist, { recursive: true, force: true });
  const tsc = join(root, "node_modules", ".bin", "tsc");
  execFileSync(tsc, ["-p", join(engine, "tsconfig.build.json"), "--outDir", dist], { stdio: "inherit" });
}

async function bundleVendors(): Promise<void> {
  const input = Object.fromEntries(Object.entries(vendored).map(([specifier, name]) => [name, specifier]));
  const bundle = await rolldown({
    input,
    cwd: engine,
    platform: "node",
    logLevel: "warn",
    // A package's ES module first: bundled CommonJS would keep its default export only.
    resolve: {
      mainFields: ["module", "main"],
      alias: { yaml: join(root, "node_modules", "yaml", "browser", "index.js") },
    },
  });
  await bundle.write({
    dir: join(dist, "vendor"),
    format: "esm",
    minify: "dce-only",
    chunkFileNames: "shared-[name].js",
  });
  await bundle.close();
}

/** Points the imports of one emitted file at dist/vendor. */
function redirect(path: string): void {
  const file = join(dist, path);
  const text = readFileSync(file, "utf8");
  const { module } = parseSync(path, text);
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => moduleRequest),
  ];
  let changed = text;
  const byStart = new Map(specifiers.map(({ start, end }) => [start, end]));
  for (const [start, end] of [...byStart].sort(([a], [b]) => b - a)) {
    const name = vendored[text.slice(start + 1, end - 1)];
    if (name === undefined) continue;
    const target = posix.relative(posix.dirname(path), `vendor/${name}.js`);
    const specifier = JSON.stringify(target.startsWith(".") ? target : `./${target}`);
    changed = changed.slice(0, start) + specifier + changed.slice(end);
  }
  if (changed !== text) writeFileSync(file, changed);
}

compile();
await bundleVendors();
for (const path of globSync("**/*.js", { cwd: dist, exclude: ["vendor/**"] }))
  redirect(path.replaceAll("\\", "/"));
console.log(`built ${dist}`);
