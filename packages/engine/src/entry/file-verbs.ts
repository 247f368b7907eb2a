import path from "node:path";
import { materialize } from "../app/materialize.ts";
import { requireExecutionFolder } from "../app/require-execution.ts";
import { resolveFromFiles } from "../app/resolve-from-files.ts";
import { AlmanacError } from "../core/errors.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { Catalog } from "./project.ts";
import type { Stores } from "./stores.ts";

/** What the verbs that work on files alone need; the catalog only tells where an execution's files are. */
export interface FileVerbParts extends Stores {
  readonly catalog: Pick<Catalog, "executions">;
}

/** Copies what an execution left in scratch to results. @returns what to tell @throws what `materialize` throws */
export async function materializeOne(rid: Rid, parts: FileVerbParts): Promise<string> {
  const { fragment, published } = await requireFragment(rid, parts);
  const { scratch, results } = parts;
  const done = await materialize({ fragment, scratch, results, published });
  const problems = done.problems.map(({ path: file, reason }) => `\n  ${file}: ${reason}`).join("");
  return done.log === "missing"
    ? "nothing was copied: there is no log"
    : `${done.files.length} files in results${problems}`;
}

/** Says which state an execution's files lead to; writes nothing. @returns what to tell */
export async function resolveOne(
  rid: Rid,
  { parts, vocabulary }: { readonly parts: FileVerbParts; readonly vocabulary: Vocabulary },
): Promise<string> {
  const { fragment } = await requireFragment(rid, parts);
  const { scratch, results } = parts;
  const { state, dirty, failure } = await resolveFromFiles(fragment, { scratch, results, vocabulary });
  const why = failure === undefined ? "" : ` (${failure.class}, ${failure.code}: ${failure.message})`;
  return `${state}${why}${dirty ? ", to be run again" : ""}`;
}

interface KnownFragment {
  readonly fragment: string;
  /** True if it is published, or may be for all that is known. */
  readonly published: boolean;
}

/** Where an execution's files are: the catalog says it, or the files themselves where there is no catalog. */
async function requireFragment(
  rid: Rid,
  { catalog, scratch, results }: FileVerbParts,
): Promise<KnownFragment> {
  const recorded = await catalog.executions.execution(rid);
  if (recorded !== undefined) {
    const { fragment, state } = await requireExecutionFolder(rid, catalog.executions);
    return { fragment, published: state === "published" };
  }
  const promoted = await fragmentNamed(rid, results);
  const fragment = promoted ?? (await fragmentNamed(rid, scratch));
  if (fragment !== undefined) return { fragment, published: promoted !== undefined };
  throw new AlmanacError("UNKNOWN_NAME", `there is no execution ${rid}, in the catalog or as a folder`, {
    hint: "almanac executions list",
    facts: { rid },
  });
}

/** A fragment's last folder is the RID that the execution had where it was made. */
async function fragmentNamed(rid: Rid, store: FragmentStore): Promise<string | undefined> {
  for await (const fragment of store.fragments()) if (path.basename(fragment) === rid) return fragment;
  return undefined;
}
