/** A tree with one violation and the finding that must come of it. */
export interface Plant {
  /** Path → text. */
  readonly files: Readonly<Record<string, string>>;
  /** The file in which the violation is reported; the first one by default. */
  readonly at?: string;
}

const src = "packages/engine/src/";
const doc = "/** Said. */\n";
const value = `${doc}export const value = 1;\n`;

function one(path: string, text: string): Plant {
  return { files: { [path]: text } };
}

function functionOf(lines: number): string {
  return `${doc}export function long(): number {\n  let sum = 0;\n${"  sum += 1;\n".repeat(lines)}  return sum;\n}\n`;
}

function branches(count: number): string {
  const tests = Array.from({ length: count }, (_, at) => `  if (x === ${at}) return ${at + 1};\n`).join("");
  return `${doc}export function branchy(x: number): number {\n${tests}  return 0;\n}\n`;
}

/** One planted violation for each of this repository's own rules. */
export const ownRulePlants: Readonly<Record<string, Plant>> = {
  docstrings: one(`${src}app/no-docstring.ts`, "// Not a docstring.\nexport const bare = 1;\n"),
  "pure-core": one(`${src}core/time/now.ts`, `${doc}export const now = (): number => Date.now();\n`),
  "swallowed-errors": one(
    `${src}app/swallow.ts`,
    `${doc}export function quiet(act: () => void): void {\n  try {\n    act();\n  } catch {}\n}\n`,
  ),
  parameters: one(
    `${src}app/many.ts`,
    `${doc}export function many(a: number, b: number, c: number): number {\n  return a + b + c;\n}\n`,
  ),
  "quiet-import": one(`${src}app/state.ts`, "let count = 0;\ncount += 1;\n"),
  "disable-reasons": one(`${src}app/silent.ts`, `// oxlint-disable-next-line eqeqeq\n${value}`),
  "own-mocks": one(
    `${src}app/mocked.test.ts`,
    'import { mock } from "node:test";\n\nmock.module("./other.ts", {});\n',
  ),
  "file-names": one(`${src}app/utils.ts`, value),
  "repository-words": one("docs/place.md", `See ${["", "work", "main", "README.md"].join("/")}.\n`),
};

/** Further forms of the same violations, each of which must be seen too. */
export const ownRuleVariants: readonly {
  readonly rule: string;
  readonly path: string;
  readonly text: string;
}[] = [
  { rule: "docstrings", path: `${src}app/a.ts`, text: "/** */\nexport function f(): void {}\n" },
  { rule: "docstrings", path: `${src}app/a.ts`, text: "const a = 1;\nexport { a };\n" },
  {
    rule: "docstrings",
    path: `${src}app/a.ts`,
    text: "/** Other. */\nconst b = 1;\nexport type A = typeof b;\n",
  },
  { rule: "docstrings", path: `${src}app/a.ts`, text: "export default class {}\n" },
  { rule: "pure-core", path: `${src}core/x/a.ts`, text: 'import { readFileSync } from "node:fs";\n' },
  { rule: "pure-core", path: `${src}core/x/a.ts`, text: 'import { createHash } from "node:crypto";\n' },
  { rule: "pure-core", path: `${src}core/x/a.ts`, text: "const chance = () => Math.random();\n" },
  { rule: "pure-core", path: `${src}core/x/a.ts`, text: "const home = () => process.env;\n" },
  { rule: "pure-core", path: `${src}core/x/a.ts`, text: "const wait = () => setTimeout(() => {}, 1);\n" },
  { rule: "pure-core", path: `${src}core/x/a.ts`, text: "const say = () => console.log(1);\n" },
  { rule: "pure-core", path: `${src}core/x/a.ts`, text: 'const get = () => fetch("x");\n' },
  { rule: "pure-core", path: `${src}core/x/a.ts`, text: "const fields = () => ({ process });\n" },
  { rule: "swallowed-errors", path: `${src}app/a.ts`, text: "try { f(); } catch (error) { g(); }\n" },
  {
    rule: "swallowed-errors",
    path: `${src}app/a.ts`,
    text: "function a() { try { f(); } catch (error) { if (error instanceof E) return 1; return 2; } }\n",
  },
  {
    rule: "swallowed-errors",
    path: `${src}app/a.ts`,
    text: 'try { f(); } catch (error) { throw new Error("without cause"); }\n',
  },
  { rule: "swallowed-errors", path: `${src}app/a.ts`, text: "void f().catch(() => undefined);\n" },
  { rule: "parameters", path: `${src}app/a.ts`, text: "export const f = (a: 1, b: 2, c: 3) => a + b + c;\n" },
  { rule: "parameters", path: `${src}app/a.ts`, text: "export class A { f(a: 1, b: 2, c: 3) {} }\n" },
  { rule: "quiet-import", path: `${src}app/a.ts`, text: "start();\n" },
  { rule: "quiet-import", path: `${src}app/a.ts`, text: "export let x = 1;\n" },
  { rule: "disable-reasons", path: `${src}app/a.ts`, text: "// @ts-ignore: because it is so\n" },
  { rule: "disable-reasons", path: `${src}app/a.ts`, text: "// allow-catch: no\n" },
  { rule: "file-names", path: `${src}app/index.ts`, text: "" },
  { rule: "file-names", path: `${src}app/camelCase.ts`, text: "" },
  {
    rule: "repository-words",
    path: "a.md",
    text: `npm from https://${["registry", "npmjs", "org"].join(".")}\n`,
  },
  { rule: "repository-words", path: "a.md", text: `as in ${["issue", "12"].join(" ")}\n` },
];

/** Texts that none of the rules may find fault with. */
export const cleanFiles: Readonly<Record<string, string>> = {
  [`${src}core/identity/clean.ts`]: `${doc}export function named(entry: { readonly process: string; readonly Date: string }): string {
  const process = entry.process;
  return process + entry.Date + Math.max(1, 2);
}
`,
  [`${src}app/clean.ts`]: `${doc}export type Act = () => void;

${doc}export function careful(act: Act, options: { readonly onError: (error: unknown) => void }): number {
  try {
    act();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return 1;
  }
  try {
    act();
  } catch (error) {
    throw new Error("translated", { cause: error });
  }
  try {
    act();
  } catch (error) {
    options.onError(error);
  }
  // allow-catch: the second attempt is a courtesy and its failure says nothing new
  try { act(); } catch {}
  return 0;
}

${doc}export function tuned(a: number, b: number, options: { readonly c?: number } = {}): number {
  return a + b + (options.c ?? 0);
}
`.replace(
    "  // allow-catch: the second attempt is a courtesy and its failure says nothing new\n  try { act(); } catch {}",
    "  try {\n    act();\n    // allow-catch: the last attempt is a courtesy and its failure says nothing new\n  } catch {}",
  ),
};

/** One planted violation for each rule of `.oxlintrc.json` that is switched on there, and one for its category. */
export const oxlintPlants: Readonly<Record<string, string>> = {
  complexity: branches(16),
  "max-depth": `${doc}export function deep(x: boolean): number {
  if (x) {
    if (x) {
      if (x) {
        if (x) {
          if (x) {
            return 1;
          }
        }
      }
    }
  }
  return 0;
}
`,
  "max-lines": `${value}${"// line\n".repeat(400)}`,
  "max-lines-per-function": functionOf(60),
  eqeqeq: `${doc}export const same = (a: number, b: number): boolean => a == b;\n`,
  "no-console": `${doc}export const say = (): void => console.log("x");\n`,
  "no-unused-vars": `const unused = 1;\n${value}`,
  "no-var": `${doc}export function old(): number {\n  var x = 1;\n  x += 1;\n  return x;\n}\n`,
  "prefer-const": `${doc}export function fixed(): number {\n  let x = 1;\n  return x;\n}\n`,
  "typescript/await-thenable": `${doc}export async function wait(x: number): Promise<number> {\n  return await x;\n}\n`,
  "typescript/no-explicit-any": `${doc}export const loose = (x: any): number => x.y;\n`,
  "typescript/no-floating-promises": `${doc}export function drop(act: () => Promise<void>): void {\n  act();\n}\n`,
  "typescript/no-misused-promises": `${doc}export function each(list: string[], act: (x: string) => Promise<void>): void {\n  list.forEach(act);\n}\n`,
  "typescript/only-throw-error": `${doc}export function toss(): never {\n  throw "text";\n}\n`,
  "typescript/switch-exhaustiveness-check": `${doc}export function pick(x: "a" | "b"): number {
  switch (x) {
    case "a":
      return 1;
  }
  return 2;
}
`,
  "category:correctness": `${doc}export const never = (x: number): boolean => x === Number.NaN;\n`,
};
