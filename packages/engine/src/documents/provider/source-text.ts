import type { SourceText, SyntaxProblem } from "./positions.ts";

/** Forms that a declaration may be written in. */
export type SourceForm = "yaml" | "json" | "toml";

/** The form that a file's ending tells; undefined for any other. */
export function sourceFormOf(file: string): SourceForm | undefined {
  const ending = /\.(ya?ml|json|toml)$/i.exec(file)?.[1]?.toLowerCase();
  return ending === "yml" ? "yaml" : (ending as SourceForm | undefined);
}

/** Reads a text; the library of its form is loaded when first needed. */
export async function readSource(
  text: string,
  form: SourceForm,
): Promise<SourceText | { readonly problems: readonly SyntaxProblem[] }> {
  switch (form) {
    case "toml":
      return (await import("./toml-source.ts")).readToml(text);
    case "json":
      return (await import("./yaml-source.ts")).readJson(text);
    default:
      return (await import("./yaml-source.ts")).readYaml(text);
  }
}
