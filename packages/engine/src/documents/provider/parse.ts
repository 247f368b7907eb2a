import type { SourceType } from "../../core/catalog/source-type.ts";
import type { Provider } from "../../core/diagnostic/diagnostic.ts";
import type { DeclarationPath, DeclarationProblem } from "../../core/diagnostic/problem.ts";
import { declarationProblems } from "../../core/diagnostic/validate.ts";
import { AlmanacError } from "../../core/errors.ts";
import { entryProblems } from "./entry-problems.ts";
import { filePath } from "./file-path.ts";
import { providerFromEntries } from "./from-entries.ts";
import { schemaProblems } from "./issues.ts";
import { pathText, problemLines, syntaxLines } from "./problem-lines.ts";
import { type Pruned, prune } from "./prune.ts";
import { type ProviderFile, providerFileSchema } from "./schema.ts";
import { readSource, type SourceForm } from "./source-text.ts";

/** Where a provider file is, and what its declarations are held to. */
export interface ProviderFileContext {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly form: SourceForm;
  /** Absolute folder of the file, for `{folder}`. */
  readonly folder: string;
  /** Undefined: declarations are not checked against any. */
  readonly sourceTypes: readonly SourceType[] | undefined;
}

/**
 * Reads a provider declared in a data file.
 * @param text its text, or its bytes
 * @throws PROVIDER_INVALID with every problem: file, line, column, path, and the nearest known names
 */
export async function parseProviderFile(
  text: string | Uint8Array,
  context: ProviderFileContext,
): Promise<Provider> {
  const source = await readSource(text, context.form);
  if ("problems" in source) throw refusal(syntaxLines(source.problems, context.file), context);
  const { provider, problems } = readEntries(source.value, context);
  if (provider !== undefined && problems.length === 0) return provider;
  throw refusal(problemLines(problems, { source, file: context.file }), context);
}

/**
 * Reads a provider from plain data, as a file of it would be.
 * @throws PROVIDER_INVALID with every problem
 */
export function parseProviderEntries(value: unknown, context: Omit<ProviderFileContext, "form">): Provider {
  const { provider, problems } = readEntries(value, context);
  if (provider !== undefined && problems.length === 0) return provider;
  throw refusal(
    problems.map(({ path, message }) => `${pathText(path)}: ${message}`),
    context,
  );
}

interface Reading {
  readonly provider: Provider | undefined;
  readonly problems: readonly DeclarationProblem[];
}

function readEntries(value: unknown, context: Pick<ProviderFileContext, "folder" | "sourceTypes">): Reading {
  const parsed = providerFileSchema.safeParse(value);
  if (parsed.success) return readParsed(parsed.data, context);
  const structural = schemaProblems(parsed.error.issues, { schema: providerFileSchema, value });
  const right = rightParts(
    value,
    structural.map(({ path }) => path),
  );
  if (right === undefined) return { provider: undefined, problems: structural };
  const semantic = readParsed(right.entries, context)
    .problems.map((each) => ({ ...each, path: right.originOf(each.path) }))
    .filter(({ path }) => !right.wrong.some((wrong) => isAffected(path, wrong)));
  return { provider: undefined, problems: [...structural, ...semantic] };
}

/** Stands in for a name or command that is wrong, so that what it belongs to can still be looked at. */
function completed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("diagnostics" in value)) return value;
  const { diagnostics } = value;
  if (!Array.isArray(diagnostics)) return value;
  // In place: the lists' earlier positions hang on their identity.
  for (const [at, each] of diagnostics.entries())
    if (typeof each === "object") diagnostics[at] = { slug: `d${at}`, command: ["true"], ...each };
  return { slug: "p", version: "1", ...value };
}

/** What of a file is of its form when wrong parts are left out; undefined when nothing is left. */
function rightParts(
  value: unknown,
  wrong: readonly DeclarationPath[],
):
  | (Pick<Pruned, "originOf"> & {
      readonly entries: ProviderFile;
      readonly wrong: readonly DeclarationPath[];
    })
  | undefined {
  const pruned = prune(value, wrong);
  const { originOf } = pruned;
  const rest = completed(pruned.value);
  const parsed = providerFileSchema.safeParse(rest);
  if (parsed.success) return { entries: parsed.data, originOf, wrong };
  // A part that lost what it needs is wrong as a whole.
  const around = schemaProblems(parsed.error.issues, { schema: providerFileSchema, value: rest }).map(
    ({ path }) => originOf(path.slice(0, -1)),
  );
  const all = [...wrong, ...around.filter((path) => path.length > 0)];
  return new Set(all.map(pathText)).size === new Set(wrong.map(pathText)).size
    ? undefined
    : rightParts(value, all);
}

function readParsed(
  entries: ProviderFile,
  { folder, sourceTypes }: Pick<ProviderFileContext, "folder" | "sourceTypes">,
): Reading {
  const provider = providerFromEntries(entries, { folder });
  const declared = (sourceTypes === undefined ? [] : declarationProblems(provider, sourceTypes)).map(
    (each) => ({ ...each, path: filePath(each.path, entries) }),
  );
  return { provider, problems: [...entryProblems(entries), ...declared] };
}

/** True if a problem may come from a part having been left out: in a part around it, or in a join of the same set. */
function isAffected(path: DeclarationPath, wrong: DeclarationPath): boolean {
  if (path.every((segment, at) => segment === wrong[at])) return true;
  const join = path.indexOf("sameFacets");
  return join >= 0 && path.slice(0, join - 1).every((segment, at) => segment === wrong[at]);
}

function refusal(problems: readonly string[], { file }: { readonly file: string }): AlmanacError {
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return new AlmanacError("PROVIDER_INVALID", [`${count}:`, ...problems].join("\n    "), {
    hint: "correct the file; docs/provider.schema.json describes its form",
    facts: { file, problems },
  });
}
