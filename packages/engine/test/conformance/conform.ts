import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Snapshot } from "../../src/core/catalog/snapshot.ts";
import type { Diagnostic, Provider } from "../../src/core/diagnostic/diagnostic.ts";
import type { IgnoreList } from "../../src/core/solver/options.ts";
import { solve } from "../../src/core/solver/solve.ts";
import { type Comparison, compareGroups, groupsByKey } from "./compare.ts";
import { type ExpectedGroups, expectedGroups, readHashes } from "./expected.ts";
import type { ConformanceOptions } from "./options.ts";
import { loadPeerProviders } from "./peer-requirements.ts";
import { loadRealCatalogs } from "./real-catalogs.ts";

/** A comparison, or that there was nothing to compare with. */
export interface Conformance extends Comparison {
  /** Number of our groups. */
  readonly groups: number;
  /** False: no peer's answer is known. */
  readonly compared: boolean;
}

/**
 * Solves every diagnostic of the requirements by itself and compares its groups with the peer's: keys, dataset ids and
 * hashes where there is a file for it, keys and hashes where a table of hashes has it, and both where both do.
 */
export async function conform(options: ConformanceOptions): Promise<readonly Conformance[]> {
  const snapshot = await loadRealCatalogs(options.catalogs);
  const hashes = options.hashes === undefined ? undefined : readHashes(options.hashes);
  const ignore = ignoreListOf(options);
  return loadPeerProviders(options.requirements, options.calendars).flatMap((provider) =>
    provider.diagnostics.map((diagnostic) => {
      const name = `${provider.slug}/${diagnostic.slug}`;
      const fromFile = options.expected === undefined ? undefined : expectedGroups(options.expected, name);
      const answers = [fromFile, hashes?.get(name)].filter((each) => each !== undefined);
      return compareDiagnostic(snapshot, { provider, diagnostic }, { ignore, answers });
    }),
  );
}

/** The ignore list that the options name. */
export function ignoreListOf({ ignore }: Pick<ConformanceOptions, "ignore">): IgnoreList {
  return ignore === undefined ? {} : ((parse(readFileSync(ignore, "utf8")) ?? {}) as IgnoreList);
}

function compareDiagnostic(
  snapshot: Snapshot,
  { provider, diagnostic }: { readonly provider: Provider; readonly diagnostic: Diagnostic },
  { ignore, answers }: { readonly ignore: IgnoreList; readonly answers: readonly ExpectedGroups[] },
): Conformance {
  const start = performance.now();
  const plan = solve(snapshot, [{ ...provider, diagnostics: [diagnostic] }], {
    history: { groups: [] },
    ignore,
  });
  const ms = Math.round((performance.now() - start) * 100) / 100;
  const ours = groupsByKey(plan);
  const found = answers.map((expected) => compareGroups(ours, expected));
  const named = (list: "missing" | "extra" | "differing"): readonly string[] => [
    ...new Set(found.flatMap((each) => each[list])),
  ];
  return {
    provider: provider.slug,
    diagnostic: diagnostic.slug,
    matched: Math.min(...found.map(({ matched }) => matched), ...(found.length === 0 ? [0] : [])),
    missing: named("missing"),
    extra: named("extra"),
    differing: named("differing"),
    ms,
    groups: [...ours.values()].flat().length,
    compared: found.length > 0,
  };
}
