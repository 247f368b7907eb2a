import { coreStages } from "../checks/layer-rules.ts";
import type { Plant } from "./plants.ts";

const src = "packages/engine/src/";
const doc = "/** Said. */\n";
const used = `${doc}export const used = 1;\n`;

/** A file that imports `used` from another one. @param from relative import */
function importing(from: string): string {
  return `import { used } from "${from}";\n\n${doc}export const next = used;\n`;
}

/** Two files in one tree: the first imports the second. */
function pair(first: string, second: string): Plant {
  const up = "../".repeat(first.split("/").length - 1);
  return { files: { [first]: importing(`${up}${second}`), [second]: used } };
}

function stagePlant(at: number): Plant {
  const name = (stage: number) =>
    stage === 0 ? `${src}core/result.ts` : `${src}core/${coreStages[stage]?.[0]}planted-${at}.ts`;
  return pair(name(at), name(at + 1));
}

/** One planted violation for each rule of `layer-rules.ts`; the stages of core come from their list. */
export const layerPlants: Readonly<Record<string, Plant>> = {
  "no-cycle": {
    files: {
      [`${src}app/cycle-a.ts`]: `import type { B } from "./cycle-b.ts";\n\n${doc}export type A = B | 1;\n`,
      [`${src}app/cycle-b.ts`]: `import type { A } from "./cycle-a.ts";\n\n${doc}export type B = A | 2;\n`,
    },
  },
  "no-unresolvable": { files: { [`${src}app/lost.ts`]: importing("./nowhere.ts") } },
  ...Object.fromEntries(
    coreStages.slice(0, -1).map((stage, at) => {
      const name = at === 0 ? "errors" : stage.join("-").replaceAll("/", "");
      return [`core-stage-${name}`, stagePlant(at)];
    }),
  ),
  "core-known-stage": pair(`${src}core/solver/uses-novel.ts`, `${src}core/novel/thing.ts`),
  "core-imports-core": pair(`${src}core/solver/uses-port.ts`, `${src}ports/some-port.ts`),
  "core-no-packages": {
    files: { [`${src}core/time/schema.ts`]: 'import { z } from "zod";\n\nz.string();\n' },
  },
  "core-no-node": {
    files: { [`${src}core/time/disk.ts`]: 'import { statSync } from "node:fs";\n\nstatSync(".");\n' },
  },
  "ports-import-core": {
    files: {
      [`${src}ports/vendor.ts`]: 'import type { Kysely } from "kysely";\n\nexport type K = Kysely<1>;\n',
    },
  },
  "documents-import-core": pair(`${src}documents/uses-port.ts`, `${src}ports/other-port.ts`),
  "documents-run-in-a-browser": {
    files: {
      [`${src}documents/hashed.ts`]: importing("../core/catalog/named.ts"),
      [`${src}core/catalog/named.ts`]: `import { used as other } from "../identity/digest.ts";\n\n${doc}export const used = other;\n`,
      [`${src}core/identity/digest.ts`]: `import { createHash } from "node:crypto";\n\n${doc}export const used = createHash("sha256");\n`,
    },
  },
  "app-imports-ports": pair(`${src}app/uses-adapter.ts`, `${src}adapters/alpha/thing.ts`),
  "app-no-packages": {
    files: { [`${src}app/disk.ts`]: 'import { statSync } from "node:fs";\n\nstatSync(".");\n' },
  },
  "adapters-apart": pair(`${src}adapters/beta/uses-alpha.ts`, `${src}adapters/alpha/other.ts`),
  "adapters-inward": pair(`${src}adapters/alpha/uses-app.ts`, `${src}app/thing.ts`),
  "providers-use-the-library": pair(`${src}providers/climate/uses-core.ts`, `${src}core/results/thing.ts`),
  "library-free-of-programs": pair(`${src}entry/library/uses-cli.ts`, `${src}entry/cli/thing.ts`),
  "no-tests-in-programs": pair(`${src}app/uses-test.ts`, `${src}app/some.test.ts`),
  "no-development-packages": {
    files: { [`${src}adapters/alpha/dev.ts`]: 'import fc from "fast-check";\n\nfc.integer();\n' },
  },
};

/** Imports that are allowed; each must pass all rules. */
export const allowedImports: Readonly<Record<string, string>> = {
  [`${src}core/identity/clean-digest.ts`]: used,
  [`${src}core/catalog/clean.ts`]: importing("../identity/clean-digest.ts"),
  [`${src}documents/clean.ts`]: importing("../core/catalog/clean.ts"),
  [`${src}documents/clean-types.ts`]:
    'import type { used } from "../core/identity/digest.ts";\n\n/** Said. */\nexport type U = typeof used;\n',
  [`${src}ports/clean.ts`]: importing("../core/catalog/clean.ts"),
  [`${src}app/clean.ts`]: importing("../ports/clean.ts"),
  [`${src}adapters/gamma/clean.ts`]: importing("../../ports/clean.ts"),
  [`${src}entry/clean.ts`]:
    'import { used } from "../adapters/gamma/clean-base.ts";\n\nexport async function f() {\n  await using x = await import("./clean-late.ts");\n  return [x, used];\n}\n',
  [`${src}adapters/gamma/clean-base.ts`]: used,
  [`${src}entry/clean-late.ts`]: used,
};
