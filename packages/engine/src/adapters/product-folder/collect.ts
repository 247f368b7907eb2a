import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ActionRecord, Output } from "../../core/steps/action.ts";
import { encodeAction } from "../../core/steps/action-bytes.ts";
import { type CollectionPolicy, type Selection, selectForRemoval } from "../../core/steps/collection.ts";
import { isSuperseded, supersededBytes } from "../../core/steps/stored-products.ts";
import { observedAsync } from "../../ports/durable.ts";
import type { CollectionReport, StoreNote } from "../../ports/product-store.ts";
import { currentText } from "./current-file.ts";
import type { FolderParts } from "./folder-parts.ts";
import { frameAt } from "./frames.ts";
import { type LogFile, openLog } from "./log-file.ts";
import { storingAsync } from "./store-errors.ts";
import { frameKinds } from "./stored-bytes.ts";

/**
 * Writes the logs anew without what goes, then switches to them, then removes what nothing refers to. Other sessions
 * would go on with the old logs: while there are any, nothing is removed.
 */
export async function collect(policy: CollectionPolicy, parts: FolderParts): Promise<CollectionReport> {
  const { folder, sessions, leases, observer } = parts;
  const selection = select(policy, parts);
  if (policy.dryRun) return reportOf(selection, undefined);
  const lease = leases.take("compact");
  if (lease === undefined) return postponed(selection, "another process collects");
  try {
    if (sessions.hasOthers()) return postponed(selection, "other processes use the store");
    parts.open.refresh();
    const present = select(policy, parts);
    await storingAsync(`compact ${folder}`, () =>
      observedAsync(observer, "products.collect", () => compact(present, parts)),
    );
    return reportOf(present, undefined);
  } finally {
    lease.release();
  }
}

function select(policy: CollectionPolicy, { open, notes, actions }: FolderParts): Selection {
  const pinned = new Set([...notes.pins.values()].map(({ key }) => key));
  const selection = selectForRemoval(open.products({ all: true }), { ...policy, pinned });
  return { ...selection, freedBytes: selection.freedBytes + supersededBytes(actions, open.history.holds) };
}

function reportOf(
  { removed, freedBytes, keptBytes, recomputeMs }: Selection,
  why: string | undefined,
): CollectionReport {
  return { removed, freedBytes, keptBytes, recomputeMs, postponed: why };
}

function postponed({ keptBytes, freedBytes }: Selection, why: string): CollectionReport {
  return { removed: [], freedBytes: 0, keptBytes: keptBytes + freedBytes, recomputeMs: 0, postponed: why };
}

async function compact(selection: Selection, parts: FolderParts): Promise<void> {
  const { folder, generation, observer, blobs } = parts;
  const next = `g${Number(generation.slice(1)) + 1}`;
  const at = join(folder, next);
  rmSync(at, { recursive: true, force: true });
  mkdirSync(at);
  const log = openLog(join(at, "actions.log"), observer);
  const small = openLog(join(at, "small.log"), observer);
  const used = new Set<string>();
  writeKept(selection, parts, { log, small, used });
  await small.sync();
  await log.sync();
  log.close();
  small.close();
  const temporary = join(folder, "CURRENT.next");
  writeFileSync(temporary, currentText(next), { flush: true });
  renameSync(temporary, join(folder, "CURRENT"));
  rmSync(join(folder, generation), { recursive: true, force: true });
  for (const { sha256 } of await blobs.list()) if (!used.has(sha256)) await blobs.remove(sha256);
}

interface NewLogs {
  readonly log: LogFile;
  readonly small: LogFile;
  /** Blobs that kept products refer to. */
  readonly used: Set<string>;
}

// allow-parameters: what goes, from where, to where
function writeKept({ removedKeys }: Selection, { actions, notes, small }: FolderParts, to: NewLogs): void {
  const note = (each: StoreNote): void =>
    void to.log.append(frameKinds.note, Buffer.from(JSON.stringify(each)));
  const codes = new Set<string>();
  for (const action of actions.all()) {
    if (removedKeys.has(action.key) || isSuperseded(action, actions)) continue;
    const record: ActionRecord = actions.record(action);
    codes.add(record.ingredients.code);
    const outputs = record.outputs.map((output) => moved(output, small, to));
    to.log.append(frameKinds.action, encodeAction({ ...record, outputs }));
  }
  for (const facts of notes.code.values()) if (codes.has(facts.digest)) note({ kind: "code", facts });
  for (const saved of notes.saved.values())
    note({ kind: "saved", at: saved.at, output: moved(saved.output, small, to) });
  for (const change of notes.accepted()) note({ kind: "accepted", ...change });
  for (const pin of notes.pins.values()) note({ kind: "pinned", ...pin });
  for (const step of actions.steps()) {
    const current = actions.current(step);
    if (current !== undefined) note({ kind: "current", step, key: current.key });
  }
}

// allow-parameters: an output, the log that has its bytes, and the new logs
function moved(output: Output, small: LogFile, to: NewLogs): Output {
  for (const { sha256 } of output.files ?? []) to.used.add(sha256);
  const { at, sha256, bytes, files } = output;
  if (at === undefined) {
    if (sha256 !== undefined) to.used.add(sha256);
    return output;
  }
  const own = bytes - (files ?? []).reduce((sum, file) => sum + file.bytes, 0);
  const frame = small.read(at, own);
  const found = frameAt(frame, 0);
  // A damaged product stays damaged: it is found out when it is loaded.
  const payload = found === undefined ? frame : frame.subarray(found.start, found.end);
  return { ...output, at: to.small.append(frameKinds.small, payload) };
}
