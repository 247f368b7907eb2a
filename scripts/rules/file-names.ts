import type { TextRule } from "./rule.ts";

const emptyWords: ReadonlySet<string> = new Set([
  "utils",
  "util",
  "helpers",
  "helper",
  "common",
  "manager",
  "data",
  "misc",
]);

/** Files are named by the field's words in kebab-case; `index.ts` only where `exports` points. */
export const fileNames: TextRule = {
  name: "file-names",
  check: (path) => {
    const messages: string[] = [];
    const name = path.split("/").at(-1) ?? "";
    const stem = name.split(".")[0] ?? "";
    if (!/\.(ts|js)$/.test(name) || path.endsWith(".d.ts")) return [];
    if (name === "index.ts" && !/^packages\/[^/]+\/src\/entry\/library\//.test(path)) {
      messages.push(
        "no index.ts outside of entry/library: name the file by what it holds and import it directly",
      );
    }
    if (emptyWords.has(stem)) {
      messages.push(`"${stem}" says nothing: name the file by what it holds`);
    }
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)) messages.push("file names are kebab-case");
    return messages.map((message) => ({ line: 1, message }));
  },
};
