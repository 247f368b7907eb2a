import { AlmanacError } from "../../core/errors.ts";
import type { ExecutionContext } from "../../core/execution/context.ts";
import { applyRecord, type RegisteredRecord } from "../../core/execution/manifest.ts";
import type { ResumedRun, TakenOver } from "../../core/execution/run-context.ts";
import { resumedCalls } from "../../documents/context-calls.ts";
import type { ExecutionFolder } from "../../ports/execution-folder.ts";
import { checkedCalls } from "../checked-calls.ts";
import type { Collected } from "../execution-context.ts";
import type { EarlierLeft, LeftFile } from "./earlier-run.ts";
import type { GivenValues, KeptValues } from "./kept-values.ts";

/** What taking over works with. */
export interface TakeOverParts {
  readonly folder: ExecutionFolder;
  readonly collected: Collected;
  readonly context: Pick<ExecutionContext, "addFeatures" | "recordTable">;
  readonly values: Pick<KeptValues, "takeOver">;
  /** Told when something was taken over. */
  readonly taken: () => void;
}

/** What the code of a run that resumes another is offered of it. */
export function resumedRun(left: EarlierLeft, parts: TakeOverParts): ResumedRun {
  const files = new Map(left.files.map((file) => [file.path, file]));
  const tables = new Map(left.tables);
  let { features, values } = left;
  const resumed: ResumedRun = {
    rid: left.rid,
    files: left.files,
    features: left.features.length,
    recordTypes: [...left.tables.keys()],
    values: left.values.scalars.length + left.values.series.length,
    takeOver: (choice = {}) => {
      const wanted = choice.files ?? [...files.keys()];
      const brought = wanted.map((path) => requireLeft(files, path));
      for (const file of brought) {
        bring(file, parts);
        files.delete(file.path);
      }
      const taken: TakenOver = {
        files: brought.map(({ path }) => path),
        features: choice.staged === false ? 0 : parts.context.addFeatures(features),
        rows: choice.staged === false ? 0 : addRows(tables, parts),
        values: choice.staged === false ? 0 : parts.values.takeOver(whereFilesAre(values, parts)),
      };
      if (choice.staged !== false) {
        features = [];
        values = { scalars: [], series: [], outputs: [] };
        tables.clear();
      }
      parts.taken();
      return taken;
    },
  };
  return checkedCalls(resumed, resumedCalls);
}

/** Of named outputs only those whose files came along. */
function whereFilesAre(values: GivenValues, { collected }: TakeOverParts): GivenValues {
  const { artifacts } = collected.manifest;
  return { ...values, outputs: values.outputs.filter(({ path }) => artifacts.has(path)) };
}

function requireLeft(files: ReadonlyMap<string, LeftFile>, path: string): LeftFile {
  const file = files.get(path);
  if (file !== undefined) return file;
  throw new AlmanacError("UNKNOWN_NAME", `the earlier run left no file ${path} to take over`, {
    hint: files.size === 0 ? "there is none" : `there is ${[...files.keys()].slice(0, 10).join(", ")}`,
    facts: { path },
  });
}

/** A copy, with everything that was told of the file: the earlier folder stays as it was left. */
function bring(
  { localPath, sizeBytes: _, ...artifact }: LeftFile,
  { folder, collected }: TakeOverParts,
): void {
  const { names } = collected.manifest;
  const replaces = names.has(JSON.stringify([artifact.kind, artifact.name]));
  const record: RegisteredRecord = {
    record: "registered",
    ...artifact,
    mode: "copy",
    // Only further versions of one file had one name.
    ...(replaces && artifact.path.startsWith("versions/") ? { replaces } : {}),
  };
  applyRecord(collected.manifest, record);
  folder.record([record]);
  folder.bring(localPath, artifact.path, "copy");
}

/** @returns how many rows there are */
function addRows(tables: ReadonlyMap<string, string>, { context, folder }: TakeOverParts): number {
  let rows = 0;
  for (const [type, text] of tables) {
    const [heading = "", ...lines] = text.split(/(?<=\n)/);
    const place = context.recordTable(type);
    const path = place.slice(folder.path.length + 1);
    const declared = folder.read(path).split("\n")[0];
    if (declared !== heading.trimEnd())
      throw new AlmanacError(
        "FEATURE_INVALID",
        `the columns of ${type} have changed since: rows cannot be taken over`,
        {
          hint: "take over files alone: takeOver({ staged: false })",
          facts: { type, before: heading.trimEnd(), now: declared },
        },
      );
    folder.append(path, lines.join(""));
    rows += lines.length;
  }
  return rows;
}
