import { isProgram, type SourceRule } from "./rule.ts";
import { children, isAllowed, type Source, textOf } from "./source.ts";

/** Programs: importing them is starting them. */
const programs = /\/entry\/[^/]+\/main\.ts$|^scripts\/[^/]+\.ts$/;

/**
 * Importing a module does nothing and holds nothing that changes: no statement at top level that acts, no `let` or `var`
 * there. The way out is `// allow-import-work: <reason>`, for programs that another process starts by path.
 */
export const quietImport: SourceRule = {
  name: "quiet-import",
  appliesTo: (path) => isProgram(path) && !programs.test(path),
  check: (source) =>
    children(source.program, "body").flatMap((statement) => {
      const message = complaint(source, statement.type, statement);
      const isExcused = isAllowed(source, statement.start, "import-work");
      return message === undefined || isExcused ? [] : [{ offset: statement.start, message }];
    }),
};

function complaint(
  source: Source,
  type: string,
  statement: Parameters<typeof textOf>[0],
): string | undefined {
  if (type === "VariableDeclaration" && textOf(statement, "kind") !== "const") {
    return "module-level state: keep it in a value that the caller holds, or in a closure made by a function";
  }
  const text = source.text.slice(statement?.start, statement?.end);
  if (/^export (let|var)\b/.test(text)) return "module-level state: export a function that makes the value";
  const acts = /^(Expression|If|For|ForOf|ForIn|While|Try|Throw|Block|Switch)Statement$/;
  return acts.test(type) ? "work at import: put it into a function that the entry calls" : undefined;
}
