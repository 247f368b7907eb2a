import type { Snapshot } from "../core/catalog/snapshot.ts";
import { facetAt, facetsAt, filesAt, indexOfId } from "../core/catalog/table-rows.ts";
import type { Diagnostic } from "../core/diagnostic/diagnostic.ts";
import { AlmanacError, Defect } from "../core/errors.ts";
import type { InputDataset, SolverDefinition } from "../core/execution/definition.ts";
import { fragmentIn, selectorFolder } from "../core/execution/fragment.ts";
import { compareCodeUnits } from "../core/identity/compare.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import { labelOf } from "../core/solver/combine.ts";
import type { Decision } from "../core/solver/plan.ts";
import type { LoadedProvider } from "./loaded-provider.ts";
import type { PinnedRelease } from "./pin-released.ts";

/** What definitions of one solve have in common. */
export interface DefinitionContext {
  readonly snapshot: Snapshot;
  readonly vocabulary: Vocabulary;
  readonly createdAt: string;
  /** Input datasets that were pinned before, by requirement with source types, then by id: executions share them. */
  readonly inputs?: Map<string, Map<string, InputDataset>>;
  /** Released versions of authored datasets, by id: their files are assets. */
  readonly released?: ReadonlyMap<string, PinnedRelease>;
}

/**
 * The definition of the execution that a decision asks for, its inputs pinned from the snapshot.
 * @returns a function of the RIDs, which are known only inside the recording transaction
 * @throws PROVIDER_INVALID when the diagnostic's own `command` throws
 */
export function executionDefiner(
  { decision, loaded, diagnostic }: { decision: Decision; loaded: LoadedProvider; diagnostic: Diagnostic },
  context: DefinitionContext,
): (rids: { readonly group: Rid; readonly execution: Rid }) => SolverDefinition {
  return ({ group, execution }) => {
    const frame: SolverDefinition = {
      formatVersion: 1,
      rid: execution,
      group: { rid: group, key: decision.key, selectorDigest: decision.selectorDigest },
      provider: { slug: decision.provider, version: decision.providerVersion },
      diagnostic: { slug: diagnostic.slug, version: diagnostic.version, name: diagnostic.name },
      fragment: fragmentIn(selectorFolder(decision.selectors), {
        provider: decision.provider,
        diagnostic: diagnostic.slug,
        group,
        execution,
      }),
      selectors: decision.selectors,
      datasets: pinnedInputs(decision, diagnostic, context),
      fingerprint: decision.fingerprint,
      compatHash: decision.compatHash,
      parameters: diagnostic.parameters,
      limits: diagnostic.limits,
      computation: { kind: "function", module: loaded.module },
      vocabulary: context.vocabulary,
      createdAt: context.createdAt,
    };
    return diagnostic.computation.kind === "function" ? frame : withCommand(frame, diagnostic);
  };
}

function withCommand(frame: SolverDefinition, diagnostic: Diagnostic): SolverDefinition {
  if (diagnostic.computation.kind !== "command") throw new Defect("a function has no command line");
  try {
    return { ...frame, computation: { kind: "command", argv: diagnostic.computation.command(frame) } };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AlmanacError(
      "PROVIDER_INVALID",
      `the command of ${frame.provider.slug}/${diagnostic.slug} threw: ${why}`,
      {
        hint: "correct the provider's command function",
        cause,
      },
    );
  }
}

// allow-parameters: what is decided, by what, in which solve
function pinnedInputs(
  decision: Decision,
  diagnostic: Diagnostic,
  { snapshot, inputs = new Map(), released }: DefinitionContext,
): readonly InputDataset[] {
  const requirements = diagnostic.requirementSets[decision.set] ?? [];
  return Object.entries(decision.datasets)
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .flatMap(([name, ids]) => {
      const requirement = requirements.find((each) => labelOf(each) === name);
      const types = requirement === undefined ? [...snapshot.tables.keys()] : [requirement.sourceType].flat();
      // Neither a requirement's name nor a source type holds a line end.
      const pinned = getOrAdd(inputs, [name, ...types].join("\n"), () => new Map<string, InputDataset>());
      return ids.map((id) =>
        getOrAdd(pinned, id, () => {
          const input = pinnedInput({ requirement: name, id, types }, snapshot);
          const release = released?.get(id);
          return release === undefined ? input : { ...input, ...release };
        }),
      );
    });
}

function pinnedInput(
  { requirement, id, types }: { requirement: string; id: string; types: readonly string[] },
  snapshot: Snapshot,
): InputDataset {
  for (const type of types) {
    const table = snapshot.tables.get(type);
    const index = table === undefined ? -1 : indexOfId(table, id);
    if (table !== undefined && index >= 0) {
      // Made each time they are asked for: facets and files of all inputs together are most of the catalog.
      return {
        requirement,
        sourceType: type,
        id,
        version: facetAt(table, index, "version") ?? "",
        get facets() {
          return facetsAt(table, index);
        },
        get files() {
          return filesAt(table, index);
        },
      };
    }
  }
  throw new Defect(`dataset ${id} of a decision is not in its snapshot`);
}

// allow-parameters: as Map's own
function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
