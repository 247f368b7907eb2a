import { disableReasons } from "./disable-reasons.ts";
import { docstrings } from "./docstrings.ts";
import { fileNames } from "./file-names.ts";
import { ownMocks } from "./own-mocks.ts";
import { parameters } from "./parameters.ts";
import { pureCore } from "./pure-core.ts";
import { quietImport } from "./quiet-import.ts";
import { repositoryWords } from "./repository-words.ts";
import type { Finding, SourceRule, TextRule } from "./rule.ts";
import { isTypeScript } from "./rule.ts";
import { lineAt, parseSource } from "./source.ts";
import { swallowedErrors } from "./swallowed-errors.ts";

/** Rules over syntax trees. */
export const sourceRules: readonly SourceRule[] = [
  docstrings,
  pureCore,
  swallowedErrors,
  parameters,
  quietImport,
  disableReasons,
  ownMocks,
];

/** Rules over any text. */
export const textRules: readonly TextRule[] = [fileNames, repositoryWords];

/**
 * All findings of this repository's own rules in one file.
 * @param path relative to the repository, forward slashes
 */
export function checkFile(path: string, text: string): readonly Finding[] {
  const found = textRules.flatMap((rule) =>
    rule.check(path, text).map(({ line, message }) => ({ path, line, rule: rule.name, message })),
  );
  const rules = isTypeScript(path) ? sourceRules.filter((rule) => rule.appliesTo(path)) : [];
  if (rules.length === 0) return found;
  const source = parseSource(path, text);
  for (const rule of rules) {
    for (const { offset, message } of rule.check(source)) {
      found.push({ path, line: lineAt(text, offset), rule: rule.name, message });
    }
  }
  return found;
}
