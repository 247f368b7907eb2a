import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { CommandLineProject } from "../support/command-line.ts";
import { probeProject } from "../support/probe-project.ts";

/** A command line with a wrong word, the exit code and code it must end with, and what stderr must say. */
type Case = readonly [words: string, status: number, code: string, says: RegExp];

const cases: readonly Case[] = [
  ["ingset", 2, "USAGE", /almanac ingest/],
  ["constructor", 2, "USAGE", /there is no command "constructor"/],
  ["groups lst", 2, "USAGE", /Did you mean list/],
  ["plan --diagnostc x", 2, "USAGE", /Did you mean --diagnostic/],
  ["plan superfluous", 2, "USAGE", /too many arguments/],
  ["plan --format yaml", 2, "USAGE", /ndjson/],
  ["plan --limit many", 2, "USAGE", /--limit <n>[\s\S]*whole number[\s\S]*almanac plan --help/],
  ["plan -o none/plan.json", 2, "USAGE", /none\/plan\.json/],
  ["solve --timeout 0", 2, "USAGE", /--timeout <seconds>/],
  ["plan --diagnostic fime", 2, "UNKNOWN_NAME", /fine/],
  ["plan --provider prob3", 2, "UNKNOWN_NAME", /probe/],
  ["plan --exclude fin", 2, "UNKNOWN_NAME", /fine/],
  ["plan --dataset sorce_id=MODEL-A", 2, "UNKNOWN_NAME", /source_id/],
  ["plan --dataset cmip8.source_id=MODEL-A", 2, "UNKNOWN_NAME", /cmip6/],
  ["plan --dataset source_id", 2, "USAGE", /facet|selector/],
  ["plan --exact --provider prob", 2, "UNKNOWN_NAME", /probe/],
  ["solve --dataset sorce_id=MODEL-A", 2, "UNKNOWN_NAME", /source_id/],
  ["solve --no-wait", 2, "USAGE", /detached/],
  ["solve --executor locl", 3, "CONFIG_INVALID", /executor\.name/],
  ["solve --jobs several", 3, "CONFIG_INVALID", /executor\.jobs/],
  ["datasets list sorce_id=MODEL-A", 2, "UNKNOWN_NAME", /source_id/],
  ["datasets list sorce_id!=MODEL-A", 2, "UNKNOWN_NAME", /source_id/],
  ["datasets list --type cmip8", 2, "UNKNOWN_NAME", /cmip6/],
  ["datasets show CMIP6.nothing", 2, "UNKNOWN_NAME", /datasets list/],
  ["values list sorce_id=MODEL-A", 2, "UNKNOWN_NAME", /source_id/],
  ["values list --execution 3ZZZ", 2, "UNKNOWN_NAME", /executions list/],
  ["values list --execution U!", 2, "USAGE", /RID/],
  ["values list --diagnostic fime", 2, "UNKNOWN_NAME", /fine/],
  ["values list --knd scalar", 2, "USAGE", /almanac values list --help/],
  ["values list --kind scalr", 2, "USAGE", /series/],
  ["explain probe/fime", 2, "UNKNOWN_NAME", /probe\/fine/],
  ["explain probe/fine sorce_id=MODEL-A", 2, "UNKNOWN_NAME", /source_id/],
  ["executions list --provider prob3", 2, "UNKNOWN_NAME", /probe/],
  ["executions list --exact --diagnostic fin", 2, "UNKNOWN_NAME", /fine/],
  ["executions list --group probe/fine/x", 2, "UNKNOWN_NAME", /groups list|nearest/],
  ["executions list --failure sytem", 2, "USAGE", /system, diagnostic/],
  ["explain probe/fine cmip6_MODEL-A", 2, "USAGE", /almanac explain probe\/fine\/cmip6_MODEL-A/],
  ["executions list sourceid", 2, "USAGE", /not a selector/],
  ["executions ingest 3ZZZ", 2, "UNKNOWN_NAME", /3ZZZ/],
  ["executions reingest 3ZZZ", 2, "UNKNOWN_NAME", /executions list/],
  ["executions reingest --new 3ZZZ", 2, "UNKNOWN_NAME", /executions list/],
  ["executions retry 3ZZZ", 2, "UNKNOWN_NAME", /executions list/],
  ["groups list --provider prob3", 2, "UNKNOWN_NAME", /probe/],
  ["groups invalidate 3ZZZ", 2, "UNKNOWN_NAME", /groups list/],
  ["datasets retract CMIP6.nothing", 2, "UNKNOWN_NAME", /datasets list/],
  [
    "explain CMIP6.CMIP.INST.MODEL-A.historical.r1i1p1f1.Amon.tas.gn.v1 source_id=MODEL-A",
    2,
    "USAGE",
    /diagnostic/,
  ],
  ["executions show 3ZZZ", 2, "UNKNOWN_NAME", /executions list/],
  ["executions show U!", 2, "USAGE", /RID/],
  ["executions list --state runing", 2, "USAGE", /running/],
  ["groups show 3ZZZ", 2, "UNKNOWN_NAME", /groups list/],
  ["logs 3ZZZ", 2, "UNKNOWN_NAME", /executions list/],
  ["diagnostics show fime", 2, "UNKNOWN_NAME", /probe\/fine/],
  ["config get executor.job", 2, "UNKNOWN_NAME", /executor\.jobs/],
  ["completion fisch", 2, "USAGE", /fish/],
  ["ingest --type cmip8 archive", 2, "UNKNOWN_NAME", /cmip6/],
  ["ingest archive", 2, "USAGE", /--type/],
  ["ingest --type cmip6 --fast --full archive", 2, "USAGE", /exclude/],
  ["ingest --type cmip6 nowhere", 3, "ROOT_MISSING", /nowhere/],
  ["--config none.ts plan", 3, "CONFIG_INVALID", /none\.ts/],
  ["apply none.json", 2, "USAGE", /none\.json/],
  ["values list --require-match metric=nothing", 10, "NO_MATCH", /nothing matched/],
  ["datasets list --require-match source_id=MODEL-B", 10, "NO_MATCH", /nearest: MODEL-A/],
  ["executions list --require-match --failure system", 10, "NO_MATCH", /nothing matched/],
  ["executions list --require-match --state failed", 10, "NO_MATCH", /nothing matched/],
  ["groups list --require-match --dirty", 10, "NO_MATCH", /nothing matched/],
];

suite("a wrong name ends with its code, its exit code and the nearest right one", () => {
  const cleanUps: (() => void)[] = [];
  let project: CommandLineProject;
  before(() => {
    project = probeProject({ after: (action) => cleanUps.push(action) });
  });
  after(() => {
    for (const cleanUp of cleanUps) cleanUp();
  });
  for (const [words, status, code, says] of cases)
    test(words, () => {
      const ended = project.run(...words.split(" "));
      assert.equal(ended.status, status, ended.stderr);
      assert.ok(ended.stderr.includes(`error[${code}]`), ended.stderr);
      assert.match(ended.stderr, says);
      assert.equal(ended.stdout, "", "stdout holds results only");
      assert.doesNotMatch(ended.stderr, /^\s+at .*\.ts:/m, "a stack only with --debug");
    });
});
