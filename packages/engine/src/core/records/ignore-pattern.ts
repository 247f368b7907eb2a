import ignore from "ignore";

/**
 * Makes a test for paths that an ignore list covers. The patterns are those of `.gitignore`: `*`, `?`, `[…]` and `**`;
 * one without a slash matches at any depth, one with a slash from the root; a closing slash means folders only; `!`
 * takes back; the last that matches decides; what lies in an ignored folder is ignored.
 * @returns a test for paths of files from the root, `/` between parts
 * @source gitignore(5), "PATTERN FORMAT"
 */
export function ignoring(patterns: readonly string[]): (path: string) => boolean {
  const list = ignore({ ignorecase: false }).add(patterns);
  return (path) => list.ignores(path);
}
