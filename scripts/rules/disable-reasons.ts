import { isTypeScript, type SourceRule } from "./rule.ts";

const switchedOff =
  /^[\s*]*(?:(?:oxlint|eslint)-disable(?:-next-line|-line)?\b|biome-ignore\b|@ts-expect-error\b|@ts-ignore\b|@ts-nocheck\b|allow-[a-z-]+\b)(.*)/;

/**
 * A comment that switches a check off carries its reason on the same line: `-- <reason>` for oxlint, `: <reason>` for the
 * others, ten characters at least. `@ts-ignore` and `@ts-nocheck` are never accepted: `@ts-expect-error` tells when it
 * is no longer needed.
 */
export const disableReasons: SourceRule = {
  name: "disable-reasons",
  appliesTo: isTypeScript,
  check: (source) =>
    source.comments.flatMap((comment) => {
      const rest = switchedOff.exec(comment.text)?.[1];
      if (rest === undefined) return [];
      if (/@ts-(ignore|nocheck)/.test(comment.text)) {
        return [{ offset: comment.start, message: "use @ts-expect-error: <reason>, for one line" }];
      }
      const hasReason = /(?:--|:)\s*\S.{9,}/.test(rest);
      return hasReason
        ? []
        : [{ offset: comment.start, message: "a check is switched off without a reason on its line" }];
    }),
};
