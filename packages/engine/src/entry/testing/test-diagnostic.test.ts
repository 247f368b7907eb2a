import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { writeSyntheticArchive } from "../../adapters/netcdf/synthetic-archive.ts";
import { requireFacets } from "../../core/diagnostic/constraints/require-facets.ts";
import { type DiagnosticInput, defineDiagnostic } from "../../core/diagnostic/define.ts";
import { isAlmanacError } from "../../core/errors.ts";
import { testDiagnostic } from "./test-diagnostic.ts";

const folder = mkdtempSync(path.join(tmpdir(), "almanac-test-diagnostic-"));
after(() => rmSync(folder, { recursive: true }));
const input = path.join(folder, "a.txt");
writeFileSync(input, "12345");
const datasets = [{ facets: { source_id: "M" }, files: [input] }];

function diagnosticOf(rest: Partial<DiagnosticInput>): ReturnType<typeof defineDiagnostic> {
  return defineDiagnostic({ slug: "size", requirements: [{ sourceType: "cmip6" }], ...rest });
}

const size = diagnosticOf({
  parameters: { factor: 1, unit: "1" },
  run: (context) => {
    const [file = ""] = context.inputsOf("cmip6")[0]?.localPaths ?? [];
    const value = readFileSync(file).length * Number(context.parameters["factor"]);
    context.log.info(`read ${file}`);
    context.scalar({ dimensions: { metric: "size" }, value, units: String(context.parameters["unit"]) });
    context.series({ dimensions: { metric: "size" }, values: [1, null], index: [0, 1], indexName: "n" });
    writeFileSync(context.data("out/size.txt", { longName: "Size" }), String(value));
  },
});

describe("a diagnostic by itself", () => {
  test("values, outputs, files, log and use", async () => {
    await using tested = await testDiagnostic(size, { datasets, parameters: { factor: 2 } });
    assert.equal(tested.failure, undefined);
    assert.deepEqual(tested.scalars, [
      { dimensions: { metric: "size" }, kind: "model", value: 10, units: "1", attributes: {} },
    ]);
    assert.deepEqual(tested.series[0]?.values, [1, null]);
    assert.deepEqual(
      tested.outputs.map(({ kind, path: name, longName }) => [kind, name, longName]),
      [["data", "out/size.txt", "Size"]],
    );
    assert.deepEqual(tested.artifacts, ["out/size.txt"]);
    assert.equal(readFileSync(path.join(tested.folder, "out/size.txt"), "utf8"), "10");
    assert.match(tested.log, /INFO read .*a\.txt/);
    assert.equal(tested.resources.measured, "self");
    assert.deepEqual(tested.definition.parameters, { factor: 2, unit: "1" });
  });

  test("its folder goes with it, unless one was given", async () => {
    const one = await testDiagnostic(size, { datasets });
    assert.ok(existsSync(one.folder));
    await one[Symbol.asyncDispose]();
    assert.ok(!existsSync(one.folder));
    const kept = path.join(folder, "kept");
    for (const _ of [1, 2]) {
      await using again = await testDiagnostic(size, { datasets, folder: kept });
      assert.ok(again.folder.startsWith(kept));
    }
    assert.equal(readdirSync(kept).length, 2);
  });

  test("a command line runs as it is, and leaves its bundles", async () => {
    const script = `cat > series.json <<'END'
[{"dimensions": {"metric": "size"}, "values": [1, 2], "index": [1850, 1851], "index_name": "year", "attributes": {}}]
END
echo done`;
    await using tested = await testDiagnostic(diagnosticOf({ command: ["sh", "-c", script] }), { datasets });
    assert.equal(tested.failure, undefined, tested.failure?.message);
    assert.deepEqual(tested.series[0]?.index, [1850, 1851]);
    assert.match(tested.log, /^done$/m);
    assert.deepEqual(tested.artifacts, []);
  });

  const failures: readonly (readonly [string, Partial<DiagnosticInput>, RegExp])[] = [
    [
      "throws",
      { run: () => Promise.reject(new Error("no such luck")) },
      /^DIAGNOSTIC_FAILED Error: no such luck/,
    ],
    ["gives a reason", { run: (context) => context.fail("too short") }, /^DIAGNOSTIC_FAILED too short/],
    [
      "names a file it did not write",
      { run: (context) => void context.plot("a.svg", { longName: "A" }) },
      /a\.svg/,
    ],
    ["leaves its folder", { run: (context) => void context.outputPath("../a") }, /^ARTIFACT_INVALID/],
    [
      "gives NaN",
      { run: (context) => context.scalar({ dimensions: { metric: "m" }, value: Number.NaN }) },
      /^BUNDLE_INVALID .*NaN/,
    ],
    [
      "uses an unknown dimension",
      { run: (context) => context.scalar({ dimensions: { metric: "m", colour: "red" }, value: 1 }) },
      /^VOCABULARY_REFUSED .*colour/,
    ],
    ["exits otherwise", { command: ["sh", "-c", "exit 3"] }, /^EXIT_3/],
    ["takes too long", { command: ["sleep", "60"], limits: { timeoutSeconds: 0.2 } }, /^TIMEOUT/],
  ];
  for (const [what, rest, expected] of failures)
    test(`one that ${what} fails with the reason that a solve gives`, async () => {
      await using tested = await testDiagnostic(diagnosticOf(rest), { datasets });
      assert.match(`${tested.failure?.code} ${tested.failure?.message}`, expected);
      assert.deepEqual(tested.scalars, []);
    });

  test("a vocabulary of one's own decides", async () => {
    const vocabulary = { dimensions: [] };
    await using tested = await testDiagnostic(size, { datasets, vocabulary });
    assert.equal(tested.failure?.code, "VOCABULARY_REFUSED");
  });

  test("a missing input is said", async () => {
    const missing = [{ facets: {}, files: ["/no/such/file.nc"] }];
    await using tested = await testDiagnostic(size, { datasets: missing });
    assert.match(tested.failure?.message ?? "", /no\/such\/file\.nc/);
  });

  test("a signal ends it", async () => {
    const abort = new AbortController();
    const waits = diagnosticOf({
      run: (context) =>
        new Promise((_, reject) => {
          context.signal.addEventListener("abort", () => reject(new Error("heeded")));
          abort.abort();
        }),
    });
    await using tested = await testDiagnostic(waits, { datasets, signal: abort.signal });
    assert.match(tested.failure?.message ?? "", /abort/);
  });
});

describe("a diagnostic on files", async () => {
  const archive = await writeSyntheticArchive(path.join(folder, "archive"), { models: 2 });
  const months = diagnosticOf({
    slug: "files",
    requirements: [
      {
        sourceType: "cmip6",
        filters: { variable_id: ["tas", "rlut"], experiment_id: "piControl" },
        groupBy: ["source_id"],
        constraints: [requireFacets({ facet: "variable_id", values: ["tas", "rlut"] })],
      },
    ],
    run: (context) => {
      const value = context.inputs.flatMap(({ localPaths }) => localPaths).length;
      context.scalar({ dimensions: { metric: "files", source_id: "M" }, value, units: "1" });
    },
  });

  test("the group that its requirements make is run", async () => {
    const where = ["source_id=SYNTH-B"];
    await using tested = await testDiagnostic(months, { paths: [archive.root], where });
    assert.equal(tested.failure, undefined, tested.failure?.message);
    assert.equal(tested.scalars[0]?.value, 3);
    assert.deepEqual(
      tested.definition.datasets.map(({ facets }) => facets["variable_id"]),
      ["rlut", "tas"],
    );
    assert.deepEqual(tested.definition.selectors, { cmip6: [["source_id", "SYNTH-B"]] });
  });

  test("several groups are an error that names them, none one that explains", async () => {
    await assert.rejects(
      testDiagnostic(months, { paths: [archive.root] }),
      (error) => isAlmanacError(error, "USAGE") && /SYNTH-A.*SYNTH-B/.test(error.message),
    );
    const tas = archive.files.filter((file) => file.includes("/tas/"));
    await assert.rejects(
      testDiagnostic(months, { paths: tas }),
      (error) => isAlmanacError(error, "UNSATISFIED") && error.message.includes("rlut"),
    );
  });
});
