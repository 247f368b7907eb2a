import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Verdict } from "../checks/check.ts";
import { browserRule, layerRules } from "../checks/layer-rules.ts";
import { layers } from "../checks/layers.ts";
import { missingOptional } from "../checks/lock-entries.ts";
import { lockFile } from "../checks/lock-file.ts";
import { ownRules } from "../checks/own-rules.ts";
import { format, oxlint, types, unused } from "../checks/programs.ts";
import { allowedImports, layerPlants } from "./layer-plants.ts";
import { cleanFiles, ownRulePlants, ownRuleVariants, oxlintPlants } from "./plants.ts";
import { checkFile, sourceRules, textRules } from "./registry.ts";

const repository = dirname(dirname(import.meta.dirname));
const configurations = [
  "biome.json",
  ".oxlintrc.json",
  "tsconfig.json",
  "tsconfig.base.json",
  "package.json",
  "packages/engine/package.json",
  "knip.json",
];

/** A tree laid out like this repository that holds only the files given. */
function treeOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "almanac-rules-"));
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  mkdirSync(join(root, "scripts"));
  for (const path of configurations) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(join(repository, path), join(root, path));
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function namesOf(rules: readonly { readonly name?: string }[]): string[] {
  return rules.map(({ name }) => name ?? "").sort();
}

describe("own rules", () => {
  test("each has a planted violation", () => {
    assert.deepEqual(namesOf([...sourceRules, ...textRules]), Object.keys(ownRulePlants).sort());
  });

  for (const [rule, { files }] of Object.entries(ownRulePlants)) {
    test(`${rule} is reported`, () => {
      const [[path, text] = ["", ""]] = Object.entries(files);
      assert.ok(checkFile(path, text).some((finding) => finding.rule === rule));
    });
  }

  for (const { rule, path, text } of ownRuleVariants) {
    test(`${rule} sees ${JSON.stringify(text)} in ${path}`, () => {
      const seen = checkFile(path, text).map((finding) => finding.rule);
      assert.ok(seen.includes(rule), `seen: ${seen.join(", ")}`);
    });
  }

  for (const [path, text] of Object.entries(cleanFiles)) {
    test(`nothing is reported in ${path}`, () => assert.deepEqual(checkFile(path, text), []));
  }

  test("the check reads the files that git lists or would add, and says path, line and rule", async () => {
    const root = treeOf({
      "packages/engine/src/app/bare.ts": "\nexport const bare = 1;\n",
      ".gitignore": "node_modules\n",
    });
    try {
      execFileSync("git", ["init", "--quiet"], { cwd: root });
      const { ok, output } = await ownRules.run(root);
      assert.equal(ok, false);
      assert.match(output, /^packages\/engine\/src\/app\/bare\.ts:2: .*\[docstrings\]$/m);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe("layers", () => {
  const verdicts = new Map<string, Verdict>();
  const roots: string[] = [];

  before(async () => {
    // Plants share a tree only if they share no file, or one would hide the other.
    const trees: Record<string, string>[] = [];
    for (const [rule, { files }] of Object.entries(layerPlants)) {
      const fits = trees.findIndex((tree) => Object.keys(files).every((path) => !(path in tree)));
      const at = fits === -1 ? trees.length : fits;
      trees[at] = { ...trees[at], ...files };
      verdicts.set(rule, { ok: true, output: String(at) });
    }
    const filler = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`scripts/filler-${at}.ts`, "export {};\n"]),
    );
    const outputs: Verdict[] = [];
    for (const tree of trees) {
      const root = treeOf({ ...filler, ...allowedImports, ...tree });
      roots.push(root);
      outputs.push(await layers.run(root));
    }
    for (const [rule, { output }] of verdicts) verdicts.set(rule, outputs[Number(output)] as Verdict);
  });

  after(() => {
    for (const root of roots) rmSync(root, { recursive: true });
  });

  test("each has a planted violation", () => {
    assert.deepEqual(namesOf([...layerRules, browserRule]), Object.keys(layerPlants).sort());
  });

  test("each says what to do instead", () => {
    for (const { name, comment } of layerRules) assert.ok((comment ?? "").length > 40, name);
  });

  for (const [rule, { files }] of Object.entries(layerPlants)) {
    test(`${rule} is reported`, () => {
      const { ok, output } = verdicts.get(rule) as Verdict;
      const start = Object.keys(files)[0] ?? "";
      const lines = output.split("\n");
      const seen = lines.some((line, at) => line.startsWith(start) && lines[at + 1]?.includes(`(${rule})`));
      assert.ok(!ok && seen, output);
    });
  }

  test("allowed imports are not reported", () => {
    for (const { output } of verdicts.values()) {
      for (const path of Object.keys(allowedImports)) assert.ok(!output.includes(`${path} →`), output);
    }
  });

  test("a search that finds too few modules is a failure", async () => {
    const root = treeOf({ "packages/engine/src/app/alone.ts": "export {};\n" });
    try {
      const { ok, output } = await layers.run(root);
      assert.equal(ok, false);
      assert.match(output, /only \d modules were seen/);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

/** What is read of `.oxlintrc.json`. */
interface OxlintSettings {
  readonly rules: Readonly<Record<string, unknown>>;
  readonly overrides: readonly { readonly rules: Readonly<Record<string, unknown>> }[];
}

function oxlintSettings(): OxlintSettings {
  return JSON.parse(readFileSync(join(repository, ".oxlintrc.json"), "utf8")) as OxlintSettings;
}

describe("oxlint", () => {
  const pathOf = (rule: string) => `packages/engine/src/app/${rule.replaceAll(/[^a-z]+/g, "-")}.ts`;

  test("each rule switched on has a planted violation", () => {
    const { rules } = oxlintSettings();
    const on = Object.keys(rules).filter((rule) => rules[rule] !== "off");
    assert.deepEqual([...on, "category:correctness"].sort(), Object.keys(oxlintPlants).sort());
  });

  test("each rule switched off has its reason in CONTRIBUTING.md", () => {
    const { rules, overrides } = oxlintSettings();
    const off = [rules, ...overrides.map((each) => each.rules)].flatMap((each) =>
      Object.keys(each).filter((rule) => each[rule] === "off"),
    );
    const told = readFileSync(join(repository, "CONTRIBUTING.md"), "utf8");
    assert.deepEqual(
      [...new Set(off)].filter((rule) => !told.includes(`\n| \`${rule}\``)),
      [],
    );
  });

  test("each planted violation is reported, and nothing in the clean files", async () => {
    const plants = Object.entries(oxlintPlants).map(([rule, text]) => [pathOf(rule), text]);
    const root = treeOf({ ...Object.fromEntries(plants), ...cleanFiles });
    try {
      const { output } = await oxlint.run(root);
      const lines = output.split("\n");
      for (const rule of Object.keys(oxlintPlants)) {
        const name = rule === "category:correctness" ? "use-isnan" : rule.replace("typescript/", "");
        const form = new RegExp(`\\((${name})\\)`);
        const seen = lines.filter((line) => line.startsWith(`${pathOf(rule)}:`));
        assert.ok(
          seen.some((line) => form.test(line)),
          `${rule}: ${seen.join("\n")}\n---\n${output}`,
        );
      }
      for (const path of Object.keys(cleanFiles)) assert.ok(!output.includes(path), output);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe("other programs", () => {
  test("biome reports a file that is not formatted and unsorted imports", async () => {
    const root = treeOf({
      "scripts/ugly.ts": "export   const ugly=1\n",
      "scripts/unsorted.ts":
        'import { b } from "./b.ts";\nimport { a } from "./a.ts";\n\nexport const c = [a, b];\n',
      "scripts/clean.ts": "export const clean = 1;\n",
    });
    try {
      const { ok, output } = await format.run(root);
      assert.equal(ok, false);
      assert.match(output, /ugly\.ts/);
      assert.match(output, /unsorted\.ts/);
      assert.doesNotMatch(output, /clean\.ts/);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test("a project of one's own inside the clone is not looked at", async () => {
    const own = "export   default {a:1};\nconsole.log('mine');\n";
    const root = treeOf({
      "my-project/almanac.config.ts": own,
      "my-project/results/output.json": '{"a":1,\n"b":[]}',
      "packages/clean.ts": "export {};\n",
      "scripts/clean.ts": "export {};\n",
      ".gitignore": "node_modules\n",
    });
    try {
      execFileSync("git", ["init", "--quiet"], { cwd: root });
      for (const check of [format, oxlint, ownRules]) {
        const { output } = await check.run(root);
        assert.doesNotMatch(output, /my-project/, check.name);
      }
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test("the compiler reports what each strictness flag forbids", async () => {
    const planted: Readonly<Record<string, string>> = {
      TS18048: "export const first = (list: string[]): number => { const a = list[0]; return a.length; };\n",
      TS2375: "export const exact: { a?: number } = { a: undefined };\n",
      TS4111: "export const field = (x: Record<string, number>): number | undefined => x.name;\n",
      TS1294: "export enum Kind {\n  A,\n}\n",
      TS6133: "const unused = 1;\nexport {};\n",
    };
    const files = Object.entries(planted).map(([code, text]) => [`scripts/${code.toLowerCase()}.ts`, text]);
    const root = treeOf(Object.fromEntries(files));
    try {
      const { output } = await types.run(root);
      for (const code of Object.keys(planted)) {
        assert.match(output, new RegExp(`${code.toLowerCase()}\\.ts\\(.*${code}`));
      }
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test("knip reports unused files, exports and dependencies, and unlisted ones", async () => {
    const root = treeOf({
      "scripts/start.ts":
        'import { used } from "./part/used.ts";\nimport left from "left-pad";\n\nconsole.log(used, left);\n',
      "scripts/part/used.ts": "export const used = 1;\nexport const idle = 2;\n",
      "scripts/part/orphan.ts": "export const orphan = 1;\n",
    });
    try {
      const { ok, output } = await unused.run(root);
      assert.equal(ok, false);
      assert.match(output, /Unused files[^]*orphan\.ts/);
      assert.match(output, /Unused exports[^]*idle/);
      assert.match(output, /Unused devDependencies[^]*rolldown/);
      assert.match(output, /Unlisted dependencies[^]*left-pad/);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test("the lock file check reports a missing platform package and a host, and nothing once completed", async () => {
    const entry = { version: "1.0.0", dev: true, optionalDependencies: { "@a/b-darwin-arm64": "1.0.0" } };
    const packages = { "node_modules/a": entry };
    const host = { ...entry, resolved: `https:${"//"}example.org/a.tgz` };
    const root = treeOf({ "package-lock.json": JSON.stringify({ packages }, null, 2) });
    const verdictOn = (value: object) => {
      writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: value }, null, 2));
      return lockFile.run(root);
    };
    try {
      assert.match((await verdictOn(packages)).output, /no entry node_modules\/@a\/b-darwin-arm64/);
      const added = missingOptional({ packages });
      assert.deepEqual(added, {
        "node_modules/@a/b-darwin-arm64": {
          version: "1.0.0",
          dev: true,
          optional: true,
          os: ["darwin"],
          cpu: ["arm64"],
        },
      });
      assert.deepEqual(await verdictOn({ ...packages, ...added }), { ok: true, output: "" });
      assert.match((await verdictOn({ "node_modules/a": host })).output, /names a host/);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test("all configurations are where the checks look for them", () => {
    for (const path of configurations) assert.ok(existsSync(join(repository, path)), path);
  });
});
