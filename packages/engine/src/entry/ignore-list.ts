import { readFileSync } from "node:fs";
import path from "node:path";
import { AlmanacError } from "../core/errors.ts";
import type { IgnoreList } from "../core/solver/options.ts";
import { ignoreList, type Settings } from "./config/settings.ts";

/**
 * The ignore list of the settings, read from its file when they name one: YAML, JSON or TOML.
 * @throws CONFIG_INVALID when it cannot be read, with every problem and its place when it is of another form
 */
export async function ignoreListOf({ solve }: Pick<Settings, "solve">, folder: string): Promise<IgnoreList> {
  if (typeof solve.ignore !== "string") return solve.ignore;
  if (solve.ignore === "") return {};
  return parseIgnoreList(readBytes(path.resolve(folder, solve.ignore)), solve.ignore);
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AlmanacError("CONFIG_INVALID", `the ignore list ${file} cannot be read: ${why}`, {
      hint: "correct solve.ignore in the configuration",
      cause,
    });
  }
}

async function parseIgnoreList(text: Uint8Array, file: string): Promise<IgnoreList> {
  const { readSource, sourceFormOf } = await import("../documents/provider/source-text.ts");
  const { problemLines, syntaxLines } = await import("../documents/provider/problem-lines.ts");
  const source = await readSource(text, sourceFormOf(file) ?? "yaml");
  if ("problems" in source) throw refusal(syntaxLines(source.problems, file));
  // An empty file is an empty list.
  const value = source.value ?? {};
  const parsed = ignoreList.safeParse(value);
  if (parsed.success) return parsed.data;
  const { schemaProblems } = await import("../documents/provider/issues.ts");
  const problems = schemaProblems(parsed.error.issues, { schema: ignoreList, value });
  throw refusal(problemLines(problems, { source, file }));
}

function refusal(problems: readonly string[]): AlmanacError {
  return new AlmanacError("CONFIG_INVALID", ["the ignore list is not valid:", ...problems].join("\n  "), {
    hint: "write provider → diagnostic → source type → a list of facets; see docs/provider-files.md",
    facts: { problems },
  });
}
