/**
 * The names that a function takes out of its first argument, as far as its text shows them: `({ config, mesh: m }) => …`
 * gives `config` and `mesh`.
 * @param source `function.toString()`
 * @returns undefined when the first parameter is no object pattern, or has a rest or a computed name
 */
export function destructuredNames(source: string): readonly string[] | undefined {
  const open = patternStart(source);
  if (open === undefined) return undefined;
  const names: string[] = [];
  for (const part of topLevelParts(source.slice(open + 1))) {
    const name = /^\s*(?:([\p{ID_Start}$_][\p{ID_Continue}$]*)|"([^"\\]+)"|'([^'\\]+)')\s*(?:$|[:=])/u.exec(
      withoutComments(part),
    );
    if (part.trim() === "") continue;
    if (name === null) return undefined;
    names.push(name[1] ?? name[2] ?? name[3] ?? "");
  }
  return names;
}

function patternStart(source: string): number | undefined {
  const head =
    /^\s*(?:async\b\s*)?(?:function\b\s*\*?\s*[\w$]*\s*|[\w$]+\s*)?\(\s*(?:\/\*[\s\S]*?\*\/\s*|\/\/.*\n\s*)*\{/.exec(
      source,
    );
  return head === null ? undefined : head[0].length - 1;
}

function withoutComments(part: string): string {
  return part.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}

/** The parts between commas up to the closing brace; brackets and quotes inside are skipped. */
function topLevelParts(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: token, index } of text.matchAll(
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/.*|[{}[\](),]/g,
  )) {
    if (/^[{[(]$/.test(token)) depth++;
    else if (token === "}" && depth === 0) return [...parts, text.slice(from, index)];
    else if (/^[}\])]$/.test(token)) depth--;
    else if (token === "," && depth === 0) {
      parts.push(text.slice(from, index));
      from = index + 1;
    }
  }
  return parts;
}
