import type { SourceText, SyntaxProblem } from "./positions.ts";

/** Forms that a declaration may be written in. */
export type SourceForm = "yaml" | "json" | "toml";

/** The form that a file's ending tells; undefined for any other. */
export function sourceFormOf(file: string): SourceForm | undefined {
  const ending = /\.(ya?ml|json|toml)$/i.exec(file)?.[1]?.toLowerCase();
  return ending === "yml" ? "yaml" : (ending as SourceForm | undefined);
}

/**
 * Reads a text; the library of its form is loaded when first needed.
 * @param source the text, or the bytes of a file, which have to be UTF-8
 */
export async function readSource(
  source: string | Uint8Array,
  form: SourceForm,
): Promise<SourceText | { readonly problems: readonly SyntaxProblem[] }> {
  const text = typeof source === "string" ? source : decoded(source);
  if (typeof text !== "string") return { problems: [text] };
  switch (form) {
    case "toml":
      return (await import("./toml-source.ts")).readToml(text);
    case "json":
      return (await import("./yaml-source.ts")).readJson(text);
    default:
      return (await import("./yaml-source.ts")).readYaml(text);
  }
}

/** The text of bytes, without a byte order mark; where they are not UTF-8 the first place. */
function decoded(bytes: Uint8Array): string | SyntaxProblem {
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const newLine = 0x0a;
  let line = 1;
  let from = 0;
  for (;;) {
    const end = bytes.indexOf(newLine, from);
    const part = bytes.subarray(from, end < 0 ? bytes.length : end);
    if (end < 0 || !isUtf8(part)) {
      const column = new TextDecoder().decode(part).indexOf("\uFFFD") + 1;
      return { position: { line, column }, message: "this is not UTF-8; save the file as UTF-8" };
    }
    from = end + 1;
    line += 1;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
