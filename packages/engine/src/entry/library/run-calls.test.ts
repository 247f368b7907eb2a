import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { RunContext } from "../../core/execution/run-context.ts";
import { computationCalls, runCalls } from "../../documents/context-calls.ts";
import { libraryCalls } from "../../documents/library-calls.ts";
import type { Project } from "../project.ts";
import { open } from "./open.ts";
import {
  type ExecutionConfiguration,
  resumeExecution,
  runModel,
  startExecution,
  withExecution,
} from "./run.ts";

async function project(t: TestContext): Promise<{ project: Project; code: string; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-calls-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, "analysis.ts");
  writeFileSync(code, "// the code of the run");
  const opened = await open({ folder, access: "create" });
  t.after(async () => {
    await opened[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return { project: opened, code, folder };
}

type Call = (...given: readonly unknown[]) => unknown;

/** Methods that take anything: they end the run, or only tell something. */
const takingAnything = ["fail", "abort", "progress", "status"];

test("each method of an execution says what it takes", async (t) => {
  const { project: opened, code } = await project(t);
  await withExecution({ project: opened, code }, (execution) => {
    const methods = Object.entries(execution).flatMap(([name, each]) =>
      typeof each === "function" ? [name] : [],
    );
    const checked = new Set(Object.keys({ ...computationCalls, ...runCalls }));
    assert.deepEqual(methods.filter((name) => !checked.has(name)).sort(), takingAnything.toSorted());
    assert.deepEqual(
      [...checked].filter((name) => !methods.includes(name)),
      [],
    );
  });
});

test("whatever a method is given, it works or throws an error of ours that tells of no undefined", async (t) => {
  const { project: opened, code } = await project(t);
  const { execution, abort } = await startExecution({ project: opened, code });
  const methods = Object.keys({ ...computationCalls, ...runCalls }) as (keyof RunContext)[];
  const names = fc.constantFrom(
    "path",
    "rid",
    "members",
    "types",
    "metadata",
    "mode",
    "dimensions",
    "url",
    "run",
  );
  const argument = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, withNullPrototype: true }),
    fc.dictionary(names, fc.anything(), { maxKeys: 4 }),
    fc.array(fc.dictionary(names, fc.anything(), { maxKeys: 3 }), { maxLength: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...methods),
      fc.array(argument, { maxLength: 3 }),
      async (method, given) => {
        try {
          await (execution[method] as Call)(...given);
        } catch (error) {
          assert.ok(error instanceof AlmanacError, `${method}: ${String(error)}`);
          assert.doesNotMatch(error.message, /\bundefined\b(?!")|\[object/);
        }
      },
    ),
    { numRuns: 2000 },
  );
  await abort("enough");
});

test("a file that is not there, or is none, is told when it is registered, and leaves nothing behind", async (t) => {
  const { project: opened, code, folder } = await project(t);
  mkdirSync(join(folder, "figures"));
  const { report } = await withExecution({ project: opened, code }, (execution) => {
    const refused = (file: string, mode: "link" | "copy"): void =>
      assert.throws(
        () => execution.registerFile(join(folder, file), "kept.txt", { mode }),
        (error) =>
          isAlmanacError(error, "FILE_MISSING") && /registerFolder|outputPath/.test(error.hint ?? ""),
      );
    refused("nothing.txt", "copy");
    refused("figures", "link");
    refused("figures", "copy");
    assert.throws(
      () => execution.registerFolder(code, "x", { mode: "copy" }),
      (error) => isAlmanacError(error, "FILE_MISSING") && /no folder/.test(error.message),
    );
    execution.registerFile(code, "kept.txt", { mode: "copy" });
  });
  assert.equal(report.state, "published");
  assert.ok(report.stored.some(({ fileName }) => fileName === "kept.txt"));
});

test("fail and abort end a run whatever they are given, and telling something never does", async (t) => {
  const { project: opened, code } = await project(t);
  const ended = async (end: (execution: RunContext) => unknown): Promise<readonly unknown[]> => {
    await assert.rejects(withExecution({ project: opened, code }, end));
    const [newest] = (await opened.catalog.executions.list({})).items;
    return [newest?.failure?.class, newest?.failure?.message];
  };
  const without = "the code gave no reason";
  assert.deepEqual(await ended(({ fail }) => (fail as Call)()), ["diagnostic", without]);
  assert.deepEqual(await ended(({ abort }) => (abort as Call)(undefined)), ["system", without]);
  assert.deepEqual(await ended(({ fail }) => (fail as Call)(new Error("mine"))), ["diagnostic", "mine"]);
  assert.deepEqual(await ended(({ fail }) => (fail as Call)({ a: 1 })), ["diagnostic", '{"a":1}']);
  const { report } = await withExecution({ project: opened, code }, (execution) => {
    const { log, progress, status } = execution;
    (log.info as Call)({ a: 1 });
    (log.warn as Call)(new Error("only told"));
    (log.error as Call)();
    progress(0 / 0, "nothing to do");
    (progress as Call)("half");
    (status as Call)(7);
  });
  assert.equal(report.state, "published");
  const log = await opened.results.read(report.definition.fragment, "execution.log");
  assert.match(
    new TextDecoder().decode(log),
    /INFO \{"a":1\}\n.*WARN only told\n.*ERROR nothing\n.*INFO nothing to do\n/,
  );
});

test("what records runs says which argument is wrong, before anything is recorded", async (t) => {
  const { project: opened, code } = await project(t);
  const wrong: readonly (readonly [Promise<unknown>, RegExp])[] = [
    [(withExecution as Call)() as Promise<unknown>, /configuration is missing.*body is missing/],
    [
      (withExecution as Call)({ project: undefined }, () => {}) as Promise<unknown>,
      /project is missing, it must be an open/,
    ],
    [
      (withExecution as Call)({ project: opened, input: [] }, () => {}) as Promise<unknown>,
      /no "input": did you mean "inputs"/,
    ],
    [
      (runModel as Call)({ project: opened, code, inputs: "a.csv" }) as Promise<unknown>,
      /inputs is "a.csv".*model is missing/,
    ],
    [
      (startExecution as Call)({ project: opened, code: 5 }) as Promise<unknown>,
      /code is 5, it must be a file or a file URL/,
    ],
    [
      (resumeExecution as Call)({ project: opened, code }) as Promise<unknown>,
      /rid is missing, it must be a text/,
    ],
  ];
  for (const [called, message] of wrong) await assert.rejects(called, { code: "USAGE", message });
  assert.equal((await opened.catalog.executions.list({})).total, 0);
});

test("every member of a configuration is known to the check", () => {
  const members = {
    ...{ project: true, code: true, config: true, signal: true, origin: true, writes: true, workflow: true },
    ...{ description: true, inputs: true, assets: true, datasets: true, allowDraft: true, parent: true },
    ...{ earlier: true, limits: true, allowDirty: true, dryRun: true },
  } satisfies Record<keyof ExecutionConfiguration, true>;
  const known = libraryCalls.startExecution.takes.configuration.shape;
  assert.deepEqual(Object.keys(known).sort(), Object.keys(members).sort());
});
