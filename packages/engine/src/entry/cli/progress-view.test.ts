import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExecutionState } from "../../core/execution/state.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Event } from "../../ports/events.ts";
import { createProgressView } from "./progress-view.ts";

const size = { columns: 100, rows: 24 };

// allow-parameters: an event's own fields
function told(rid: string, state: ExecutionState, ended: number): Event {
  const name = `probe/fine/${rid}`;
  return { kind: "execution.state", rid: rid as Rid, name, state, message: "", ended, total: 5 };
}

test("nothing is shown before anything is known", () => {
  assert.deepEqual(createProgressView().lines(0, size), []);
});

test("files are counted with elapsed time and rate", () => {
  const view = createProgressView();
  view.apply({ kind: "ingest.progress", seen: 10, opened: 8, invalid: 1 }, 1000);
  assert.deepEqual(view.lines(1000, size), ["10 files seen, 8 opened, 1 invalid  0 s"]);
  view.apply({ kind: "ingest.progress", seen: 10, opened: 20, invalid: 1 }, 11_000);
  assert.deepEqual(view.lines(11_000, size), ["20 files seen, 20 opened, 1 invalid  10 s  2.0 files/s"]);
  view.apply({ kind: "ingest.progress", seen: 130, opened: 100, invalid: 1 }, 61_000);
  assert.deepEqual(view.lines(66_000, size), [
    "130 files seen, 100 opened, 1 invalid  1 min 05 s  2.0 files/s",
  ]);
});

test("executions are counted, and those that run are named with what they say", () => {
  const view = createProgressView();
  view.apply({ kind: "finalise.progress", opened: 3, total: 9 }, 0);
  assert.deepEqual(view.lines(3000, size), ["opening files: 3 of 9  3 s  1.0 files/s"]);
  view.apply(told("1A", "running", 0), 10_000);
  view.apply(told("1B", "running", 0), 11_000);
  view.apply({ kind: "execution.progress", rid: "1B" as Rid, fraction: 0.5, text: "half\nway" }, 11_000);
  view.apply({ kind: "execution.progress", rid: "9Z" as Rid, text: "of nobody" }, 11_000);
  view.apply(told("1A", "failed", 1), 12_000);
  assert.deepEqual(view.lines(130_000, size), [
    "executions: 1 of 5 ended (1 failed)  1 running  2 min 00 s  0.5 executions/min",
    "  1B  1 min 59 s  probe/fine/1B  50 % half way",
  ]);
  view.apply(told("1B", "published", 2), 130_000);
  assert.match(
    view.lines(130_000, size).join(),
    /^executions: 2 of 5 ended \(1 failed, 1 published\) {2}2 min/,
  );
});

test("lines keep to the terminal's width and height", () => {
  const view = createProgressView();
  for (const rid of ["1A", "1B", "1C", "1D"]) view.apply(told(rid, "running", 0), 0);
  const lines = view.lines(0, { columns: 20, rows: 5 });
  assert.deepEqual(lines, [
    "executions: 0 of 5 e",
    "  1A  0 s  probe/fin",
    "  1B  0 s  probe/fin",
    "  and 2 more running",
  ]);
});
