import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { builtInSourceTypes } from "../../src/core/catalog/source-types.ts";
import { ignoreListOf } from "../conformance/conform.ts";
import { expectedGroups } from "../conformance/expected.ts";
import { loadPeerProviders } from "../conformance/peer-requirements.ts";
import { conformanceFolder, skipWithoutCases } from "../conformance/shared-folder.ts";
import { facetLists } from "./facet-lists.ts";
import { findGroups, latestCatalogs, type PlainRequirement } from "./oracle.ts";
import { realRows } from "./real-rows.ts";

const file = (...parts: readonly string[]): string => path.join(conformanceFolder, ...parts);
const fileColumns = ["instance_id", "version", "path", "start_time", "end_time", "calendar", "frequency"];

/** Facets that requirements name, wherever they stand. */
function namedFacets(sets: unknown, known: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  JSON.stringify(sets, (name, value: unknown) => {
    if (known.has(name)) found.add(name);
    if (typeof value === "string" && known.has(value)) found.add(value);
    return value;
  });
  return found;
}

describe("the oracle", { skip: skipWithoutCases }, () => {
  test("reproduces the peer's answers of the 19 diagnostics", async () => {
    const types = Object.values(builtInSourceTypes);
    const identity = Object.fromEntries(types.map((type) => [type.name, type.identityFacets]));
    const known = new Set(types.flatMap(({ facets }) => facets.map(({ name }) => name)));
    const providers = loadPeerProviders(file("solve", "requirements.json"), "by-spelling");
    const ignore = ignoreListOf({ ignore: file("solve", "ignore.yaml") });
    const compared = providers.flatMap((provider) =>
      provider.diagnostics.flatMap((diagnostic) => {
        const expected = expectedGroups(file("solve", "expected"), `${provider.slug}/${diagnostic.slug}`);
        return expected === undefined ? [] : [{ provider, diagnostic, expected }];
      }),
    );
    assert.equal(compared.length, 19);
    const sets = compared.map(({ diagnostic }) => diagnostic.requirementSets);
    const columns = new Set([...namedFacets([sets, identity], known), ...fileColumns]);
    const catalogs = latestCatalogs({ rows: await realRows(file("catalogs"), columns), identity });
    let count = 0;
    for (const { provider, diagnostic, expected } of compared) {
      const ignored = ignore[provider.slug]?.[diagnostic.slug] ?? {};
      const groups = findGroups(catalogs, {
        sets: diagnostic.requirementSets as readonly (readonly PlainRequirement[])[],
        ignore: facetLists(ignored),
      });
      const ours = groups.map(({ key, datasets, compatHash }) => [key, { datasets, compatHash }]);
      const theirs = [...expected].map(([key, [group]]) => [key, group]);
      assert.deepEqual(Object.fromEntries(ours), Object.fromEntries(theirs), diagnostic.slug);
      count += ours.length;
    }
    assert.equal(count, 8024);
  });
});
