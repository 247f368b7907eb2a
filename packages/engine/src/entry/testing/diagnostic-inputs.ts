import path from "node:path";
import { executionDefiner } from "../../app/define-execution.ts";
import type { Facets } from "../../core/catalog/dataset.ts";
import type { OwnSourceType } from "../../core/catalog/own-source-type.ts";
import type { SelectionInput } from "../../core/catalog/selection.ts";
import type { Diagnostic, Provider } from "../../core/diagnostic/diagnostic.ts";
import { AlmanacError } from "../../core/errors.ts";
import type { InputDataset, SolverDefinition } from "../../core/execution/definition.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { formatRid } from "../../core/identity/rid.ts";
import type { Vocabulary } from "../../core/results/vocabulary.ts";
import { openInMemory } from "./in-memory.ts";

/** An input dataset as a test gives it. */
export interface TestDataset {
  /** Name of the requirement that it answers; default: its source type. */
  readonly requirement?: string;
  /** Default: that of the diagnostic's first requirement. */
  readonly sourceType?: string;
  /** Default: the values of its facets. */
  readonly id?: string;
  readonly facets: Facets;
  /** Paths, absolute or relative to the working directory. */
  readonly files: readonly string[];
}

/** What a diagnostic is tried with. */
export interface TestSubject {
  readonly provider: Provider;
  readonly diagnostic: Diagnostic;
  readonly vocabulary: Vocabulary;
  readonly sourceTypes: readonly OwnSourceType[];
}

/** The RIDs that a definition of a test has. */
const rids = { group: formatRid(1), execution: formatRid(2) };

/** The definition of an execution with given inputs, whatever the requirements say of them. */
export function definitionWith(
  datasets: readonly TestDataset[],
  { provider, diagnostic, vocabulary }: TestSubject,
): SolverDefinition {
  const frame: SolverDefinition = {
    formatVersion: 1,
    rid: rids.execution,
    group: { rid: rids.group, key: "test" },
    provider: { slug: provider.slug, version: provider.version },
    diagnostic: { slug: diagnostic.slug, version: diagnostic.version, name: diagnostic.name },
    fragment: `${provider.slug}/${diagnostic.slug}/test`,
    selectors: {},
    datasets: datasets.map((dataset) => inputOf(dataset, diagnostic)),
    fingerprint: "",
    compatHash: "",
    parameters: diagnostic.parameters,
    limits: diagnostic.limits,
    computation: { kind: "function", module: "test" },
    vocabulary,
    createdAt: new Date().toISOString(),
  };
  const { computation } = diagnostic;
  return computation.kind === "function"
    ? frame
    : { ...frame, computation: { kind: "command", argv: computation.command(frame) } };
}

function inputOf({ files, facets, ...given }: TestDataset, { requirementSets }: Diagnostic): InputDataset {
  const [first = "test"] = [requirementSets[0]?.[0]?.sourceType ?? []].flat();
  const { sourceType = first, id = Object.values(facets).join(".") } = given;
  return {
    requirement: given.requirement ?? sourceType,
    sourceType,
    id,
    version: facets["version"] ?? "",
    facets,
    files: files
      .map((file) => ({ path: path.resolve(file), contentId: "none" }))
      .toSorted((a, b) => compareCodeUnits(a.path, b.path)),
  };
}

/** Which group of some files' datasets to take. */
export interface GroupChoice {
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly sourceType: string;
  readonly where: SelectionInput;
  readonly signal: AbortSignal;
}

/**
 * The definition of the one execution that a diagnostic's requirements make of some files, as `ingest` and `plan` find it.
 * @throws UNSATISFIED when they make none, with what `explain` says
 * @throws USAGE when they make several
 */
export async function definitionFrom(
  { paths, sourceType, where, signal }: GroupChoice,
  { provider, diagnostic, vocabulary, sourceTypes }: TestSubject,
): Promise<SolverDefinition> {
  await using project = await openInMemory({ providers: [provider], vocabulary, sourceTypes });
  const folders = paths.map((each) => path.resolve(each));
  await project.ingest({ sourceType, folders, mode: "full" }, signal);
  const { plan } = await project.plan({ options: { datasets: where }, open: true });
  const [decision, ...others] = plan.decisions;
  if (decision === undefined) {
    const { text } = await project.explain({ target: `${provider.slug}/${diagnostic.slug}`, facets: where });
    throw new AlmanacError("UNSATISFIED", `the files make no group for ${diagnostic.slug}:\n${text}`);
  }
  if (others.length > 0)
    throw new AlmanacError(
      "USAGE",
      `the files make ${plan.decisions.length} groups: ${plan.decisions.map(({ key }) => key).join(", ")}`,
      { hint: "choose one of them by its facets, with where" },
    );
  const snapshot = await project.catalog.datasets.snapshot();
  const context = { snapshot, vocabulary, createdAt: new Date().toISOString() };
  return executionDefiner({ decision, diagnostic, loaded: { provider, module: "test" } }, context)(rids);
}
