import type { TextRule } from "./rule.ts";

// Written so that this file does not find itself.
const forbidden: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  {
    pattern: /(?<![\w.])\/(?:wor[k]|roo[t]|hom[e]\/\w+|Use[r]s\/\w+)\//,
    what: "an absolute path of one machine",
  },
  {
    pattern:
      /\bregistr[y]\.[\w-]+\.(?:org|com|io|dev|net|local)\b|\bnpmmirro[r]\b|\bverdacci[o]\b|pypi\.or[g]\/simple/i,
    what: "a package registry's host",
  },
  {
    pattern:
      /\b(?:claud[e]|anthropi[c]|chatgp[t]|copilo[t]|opena[i]|language mode[l]|AI assistan[t]|co-authored-b[y])\b/i,
    what: "a word of the workshop",
  },
  {
    pattern: /\bissues? (?:#|show )?\d+\b|\bshared\/spe[c]\b/i,
    what: "an address of the tracker or of notes outside the repository",
  },
];

/** The repository speaks of the project alone: no path, host or word of the place where it is made. */
export const repositoryWords: TextRule = {
  name: "repository-words",
  check: (_path, text) => {
    const found: { line: number; message: string }[] = [];
    for (const [at, line] of text.split("\n").entries()) {
      for (const { pattern, what } of forbidden) {
        const match = pattern.exec(line);
        if (match !== null) found.push({ line: at + 1, message: `"${match[0]}" is ${what}: leave it out` });
      }
    }
    return found;
  },
};
