/** Characters that mean something in a regular expression. */
const special = /[.+^${}()|[\]\\/]/g;

/** What `**`, `*`, `?` and sets of a pattern become; anything else stands for itself. */
const tokens =
  /(^\*\*$)|(^(?:\*\*\/)+)|(\/(?:\*\*\/)+)|(\/\*\*$)|(\*+)|(\?)|(\[[!^]?\]?[^\]/]*\])|\\(.)|([\s\S])/g;

function translate(glob: string): string {
  // allow-parameters: String.replace hands over one argument per group
  return glob.replace(tokens, (...found: readonly (string | undefined)[]) => {
    const [, all, start, between, below, stars, one, set, escaped, plain] = found;
    if (all !== undefined) return ".*";
    if (start !== undefined) return "(?:.*/)?";
    if (between !== undefined) return "/(?:.*/)?";
    if (below !== undefined) return "/.+";
    if (stars !== undefined) return "[^/]*";
    if (one !== undefined) return "[^/]";
    if (set !== undefined) return set.replace(/^\[[!^]/, "[^").replaceAll("\\", "\\\\");
    return (escaped ?? plain ?? "").replace(special, "\\$&");
  });
}

/** One line of an ignore list. */
interface Rule {
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  readonly matches: RegExp;
}

function ruleOf(line: string): Rule | undefined {
  const text = line.replace(/(?<!\\)\s+$/, "");
  if (text === "" || text.startsWith("#")) return undefined;
  const negated = text.startsWith("!");
  const body = negated ? text.slice(1) : text;
  const foldersOnly = body.endsWith("/");
  const glob = foldersOnly ? body.slice(0, -1) : body;
  const anchored = glob.includes("/");
  const pattern = translate(glob.replace(/^\//, ""));
  return {
    negated,
    foldersOnly,
    matches: new RegExp(anchored ? `^${pattern}$` : `^(?:.*/)?${pattern}$`, "s"),
  };
}

/** The path itself and every folder above it, outermost first. */
function withFolders(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

/**
 * Makes a test for paths that an ignore list covers. The patterns are those of `.gitignore`: `*`, `?`, `[…]` and `**`;
 * one without a slash matches at any depth, one with a slash from the root; a closing slash means folders only; `!`
 * takes back; the last that matches decides; what lies in an ignored folder is ignored.
 * @returns a test for paths of files from the root, `/` between parts
 * @source gitignore(5), "PATTERN FORMAT"
 */
export function ignoring(patterns: readonly string[]): (path: string) => boolean {
  const rules = patterns.map(ruleOf).filter((rule) => rule !== undefined);
  const decides = (path: string, folder: boolean): boolean => {
    const last = rules.findLast((rule) => (folder || !rule.foldersOnly) && rule.matches.test(path));
    return last !== undefined && !last.negated;
  };
  return (path) => withFolders(path).some((part) => decides(part, part !== path));
}
