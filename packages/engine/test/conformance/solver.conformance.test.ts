import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import type { Snapshot } from "../../src/core/catalog/snapshot.ts";
import { solve } from "../../src/core/solver/solve.ts";
import { isDifferent } from "./compare.ts";
import { conform, ignoreListOf } from "./conform.ts";
import { conformanceOptions } from "./options.ts";
import { loadPeerProviders } from "./peer-requirements.ts";
import { loadRealCatalogs } from "./real-catalogs.ts";
import { conformanceFolder, skipWithoutCases } from "./shared-folder.ts";

describe("the peer's answers on real catalogs", { skip: skipWithoutCases }, () => {
  const requirements = path.join(conformanceFolder, "solve", "requirements.json");
  let snapshot: Snapshot;
  before(async () => {
    snapshot = await loadRealCatalogs(path.join(conformanceFolder, "catalogs"));
  });

  test("by spelling, every key, dataset id and hash of the 19 diagnostics is equal", async () => {
    const all = await conform(conformanceOptions([]));
    assert.equal(all.length, 50);
    assert.deepEqual(all.filter(isDifferent), []);
    const compared = all.filter((each) => each.compared);
    assert.equal(compared.length, 19);
    assert.equal(
      compared.reduce((total, { matched }) => total + matched, 0),
      8024,
    );
  });

  test("by meaning, the thirteen keys that the documentation lists differ", async () => {
    const page = readFileSync(path.join(import.meta.dirname, "../../../../docs/conformance.md"), "utf8");
    const listed = [...page.matchAll(/^\| `(\S+)` \| `(\S+)` \|$/gm)].map(
      ([, name, key]) => `${name} ${key}`,
    );
    const found = (await conform(conformanceOptions(["--calendars", "by-meaning"]))).flatMap(
      ({ provider, diagnostic, missing, extra, differing }) =>
        [missing, extra, differing].flat().map((key) => `${provider}/${diagnostic} ${key}`),
    );
    assert.equal(found.length, 13);
    assert.deepEqual(listed, found);
  });

  test("all fifty diagnostics give the peer's number of executions", () => {
    const ignore = ignoreListOf({ ignore: path.join(conformanceFolder, "solve", "ignore.yaml") });
    const providers = loadPeerProviders(requirements, "by-spelling");
    const { decisions } = solve(snapshot, providers, { history: { groups: [] }, ignore });
    const counted = decisions.filter(({ reasons }) => reasons[0].code !== "shadowed");
    assert.equal(counted.length, 15_132);
  });
});
