import assert from "node:assert/strict";
import { test } from "node:test";
import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import {
  changedDatasets,
  type Declared,
  datasetName,
  laterHistory,
  lives,
} from "../../../../test/fixtures/changing-catalog.ts";
import { dataset, snapshotOf as smallSnapshot } from "../../../../test/fixtures/small-catalog.ts";
import type { Dataset } from "../../catalog/dataset.ts";
import type { Snapshot } from "../../catalog/snapshot.ts";
import { snapshotOf } from "../../catalog/snapshot-of.ts";
import { defineDiagnostic, defineProvider } from "../../diagnostic/define.ts";
import { openWorkspace } from "../answer.ts";
import type { History } from "../history.ts";
import type { SolveOptions } from "../options.ts";
import type { Plan } from "../plan.ts";
import { decideFindings, type Findings, findAll, solve } from "../solve.ts";
import { recallPlan } from "./recall.ts";
import { type Recollection, recollect } from "./recollection.ts";
import { remember } from "./remember.ts";
import { pastsToAsk } from "./remembered-ruling.ts";
import type { SolverMemory } from "./solver-memory.ts";

/** A catalog at one moment of its life. */
interface Moment {
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly snapshot: Snapshot;
  readonly declared: Declared;
  readonly history: History;
}

function momentOf(
  datasets: ReadonlyMap<string, Dataset>,
  declared: Declared,
  { history, mark }: { readonly history: History; readonly mark: string },
): Moment {
  const snapshot = { ...snapshotOf([...datasets.values()]), mark };
  return { datasets, snapshot, declared, history: { ...history, mark } };
}

/** What is written and read again is the same value in another process. */
function kept(memory: SolverMemory | undefined): SolverMemory {
  return deserialize(serialize(memory)) as SolverMemory;
}

function recollection(memory: SolverMemory, before: Moment, now: Moment): Recollection {
  const names = new Map([...before.datasets, ...now.datasets]);
  const changed = [...names].flatMap(([name, { sourceType, id }]) =>
    before.datasets.get(name) === now.datasets.get(name) ? [] : [{ sourceType, id }],
  );
  return recollect(memory, { before: before.snapshot, now: now.snapshot, changed });
}

function findIn({ snapshot, declared }: Moment, options: SolveOptions, known?: Recollection): Findings {
  const { providers, ignore } = declared;
  return findAll(openWorkspace(snapshot, known), providers, { ...options, ignore });
}

const text = (plan: Plan | undefined): string => JSON.stringify(plan, null, 1);

test("over any life of a catalog, a plan made with memory is byte for byte the plan made without", () => {
  let recalled = 0;
  let fewer = 0;
  fc.assert(
    fc.property(lives, ({ start, declared, steps }) => {
      const first = new Map(start.map((dataset) => [datasetName(dataset), dataset]));
      let now = momentOf(first, declared, { history: { groups: [] }, mark: "0" });
      let memory = kept(remember(findIn(now, {}), now.history));
      for (const [at, step] of steps.entries()) {
        const before = now;
        const { providers, ignore } = before.declared;
        const plan = solve(before.snapshot, providers, { ignore, history: before.history });
        const known = recallPlan(memory, providers, { ignore });
        if (known !== undefined) recalled += 1;
        assert.equal(text(known ?? plan), text(plan), "recalled");
        now = momentOf(changedDatasets(before.datasets, step), step.declared ?? before.declared, {
          history: laterHistory(before.history, plan, step),
          mark: `${at + 1}`,
        });
        const decided = { ...step.options, ignore: now.declared.ignore };
        // Datasets and declarations changed, executions did not.
        const still = findIn(
          { ...now, history: before.history },
          step.options,
          recollection(memory, before, now),
        );
        const asked = pastsToAsk(still.found, memory)?.map((each) => each.selectorDigest);
        const partly = before.history.groups.filter(({ selectorDigest }) => asked?.includes(selectorDigest));
        assert.equal(
          text(
            decideFindings(still, {
              ...decided,
              rerunFailed: false,
              history: asked === undefined ? before.history : { groups: partly },
              asRemembered: asked !== undefined,
            }),
          ),
          text(
            solve(now.snapshot, now.declared.providers, {
              ...decided,
              rerunFailed: false,
              history: before.history,
            }),
          ),
          "with the past of then",
        );
        // Executions changed too.
        const found = findIn(now, step.options, recollection(memory, before, now));
        const full = solve(now.snapshot, now.declared.providers, { ...decided, history: now.history });
        assert.equal(
          text(decideFindings(found, { ...decided, history: now.history })),
          text(full),
          "with memory",
        );
        const { groups, computed } = found.workspace.tally;
        if (computed < groups) fewer += 1;
        const whole = findIn(now, {}, recollection(memory, before, now));
        memory = kept(remember(whole, now.history));
      }
    }),
    { numRuns: 150 },
  );
  assert.ok(
    fewer > 50 && recalled > 50,
    `${fewer} solves computed fewer groups, ${recalled} plans were recalled`,
  );
});

test("a newer version that the requirement does not select takes the older one's group away", () => {
  const versions = [
    dataset({ version: "v1", facets: { product: "a" } }),
    dataset({ version: "v2", facets: { product: "b" } }),
  ] as const;
  const provider = defineProvider({
    slug: "p",
    version: "1",
    diagnostics: [
      defineDiagnostic({
        slug: "d",
        command: ["true"],
        requirements: [{ sourceType: "cmip6", filters: { product: "a" }, groupBy: ["product"] }],
      }),
    ],
  });
  const history = { groups: [], mark: "h" };
  const before = { ...smallSnapshot([versions[0]]), mark: "1" };
  const now = { ...smallSnapshot(versions), mark: "2" };
  const memory = kept(remember(findAll(openWorkspace(before), [provider], {}), history));
  assert.equal(recallPlan(memory, [provider], {})?.decisions.length, 1);
  const known = recollect(memory, { before, now, changed: [versions[1]] });
  const found = findAll(openWorkspace(now, known), [provider], {});
  assert.equal(text(decideFindings(found, { history })), text(solve(now, [provider], { history })));
  assert.equal(decideFindings(found, { history }).decisions.length, 0);
});
