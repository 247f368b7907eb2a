/**
 * How the paths of a source type look, as data. `{name}` stands for one value (in a folder name anything, in a file name
 * anything without `_`), `*` for any text within one folder or file name, `[…]` for a part that may be absent; a name that
 * occurs twice must have one value. The folders are matched from the end of the path, below any root.
 * @example { folders: "{source_id}/{variable_id}/[{version}/]", file: "{variable_id}_{source_id}[_{time_range}].nc" }
 */
export interface PathTemplate {
  readonly folders: string;
  readonly file: string;
  /** Patterns of values that are narrower than that, by placeholder. */
  readonly patterns?: Readonly<Record<string, string>>;
}

/** A template made ready for matching many paths. */
export interface CompiledTemplate {
  readonly pattern: RegExp;
  /** Names of the pattern's groups, in order. */
  readonly names: readonly string[];
}

/** Compiles a template; a template is trusted text of a source type, not of a user's path. */
export function compileTemplate({ folders, file, patterns = {} }: PathTemplate): CompiledTemplate {
  const names: string[] = [];
  const within = (value: string) => (name: string) => patterns[name] ?? value;
  const pattern = `${partPattern(folders, within("[^/]+"), names)}${partPattern(file, within("[^/_]+"), names)}`;
  return { pattern: new RegExp(`(?:^|/)${pattern}$`), names };
}

/** Pattern of one part of a template; adds new names to `names` and refers back to known ones. */
// allow-parameters: one part after the other, with the names found so far
function partPattern(part: string, valueOf: (name: string) => string, names: string[]): string {
  return part.replace(/\{(\w+)\}|[[\]*]|[^{}[\]*]+/g, (token, name: string | undefined) => {
    if (token === "[") return "(?:";
    if (token === "]") return ")?";
    if (token === "*") return "[^/]*";
    if (name === undefined) return token.replace(/[.*+?^$()|\\]/g, "\\$&");
    const known = names.indexOf(name);
    if (known >= 0) return `\\${known + 1}`;
    names.push(name);
    return `(${valueOf(name)})`;
  });
}

/**
 * The values of a path's placeholders.
 * @param path with forward slashes
 * @returns undefined if the path does not match; optional parts that are absent have no entry
 */
export function matchTemplate(
  template: CompiledTemplate,
  path: string,
): Readonly<Record<string, string>> | undefined {
  const match = template.pattern.exec(path);
  if (match === null) return undefined;
  const values: Record<string, string> = {};
  template.names.forEach((name, index) => {
    const value = match[index + 1];
    if (value !== undefined) values[name] = value;
  });
  return values;
}
