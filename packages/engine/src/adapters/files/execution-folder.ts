import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import type { ManifestRecord, SealedRecord } from "../../core/execution/manifest.ts";
import { appendLine, manifestOpening } from "../../core/execution/manifest-journal.ts";
import { executionFiles, type Outcome, scratchFiles } from "../../core/execution/outcome.ts";
import { requireInside } from "../../core/execution/relative-path.ts";
import type { ExecutionState } from "../../core/execution/state.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { writeOutcome } from "../../documents/outcome.ts";
import { type DurableObserver, observed } from "../../ports/durable.ts";
import {
  type ExecutionFolder,
  type ExecutionFolders,
  type FileToSeal,
  inputsFile,
} from "../../ports/execution-folder.ts";
import type { OnSealing } from "../../ports/folder-runner.ts";
import { BoundedLog, joinLog, logFiles } from "./bounded-log.ts";
import { fileError, translating } from "./file-errors.ts";
import { linkFile } from "./link-file.ts";
import { locateFiles, sealFiles } from "./seal-file.ts";

/** What the worker and the controller write themselves: never an artifact. */
const ownFiles: ReadonlySet<string> = new Set([
  ...Object.values(executionFiles),
  ...Object.values(scratchFiles),
  ...logFiles,
  `${executionFiles.outcome}.tmp`,
  inputsFile,
]);

/** With less space left than this a disk counts as full. */
const fullBytes = 65_536;

/** True if there is something at an absolute path. */
function isOnDisk(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Execution folders on a local disk.
 * @param observer told before and after each durable write
 * @param isThere whether an input file exists; default: on this disk
 */
export function createExecutionFolders(observer: DurableObserver, isThere = isOnDisk): ExecutionFolders {
  return {
    take: (folder) => {
      try {
        return new LocalFolder(folder, { observer, isThere });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
        throw fileError(error, `create ${join(folder, executionFiles.log)}`);
      }
    },
    isTaken: (folder) => existsSync(join(folder, executionFiles.log)),
    hasOutcome: (folder) => existsSync(join(folder, executionFiles.outcome)),
    closeLog: (folder, line) =>
      translating(`finish the log of ${folder}`, () => {
        if (!existsSync(folder)) return;
        joinLog(folder);
        writeFileSync(join(folder, executionFiles.log), `${line}\n`, { flag: "a" });
      }),
  };
}

/** One folder, written by one worker. */
class LocalFolder implements ExecutionFolder {
  readonly path: string;
  /** The folder with links resolved, for checks. */
  readonly #real: string;
  readonly #observer: DurableObserver;
  readonly #isThere: (path: string) => boolean;
  readonly #log: BoundedLog;
  #manifest: number | undefined;

  constructor(
    path: string,
    { observer, isThere }: { observer: DurableObserver; isThere: (path: string) => boolean },
  ) {
    this.path = path;
    this.#real = realpathSync.native(path);
    this.#observer = observer;
    this.#isThere = isThere;
    this.#log = new BoundedLog(path);
  }

  read(path: string): string {
    return translating(`read ${join(this.path, path)}`, () => readFileSync(join(this.path, path), "utf8"));
  }

  missing(paths: readonly string[]): readonly string[] {
    return paths.filter((path) => !this.#isThere(path));
  }

  log(bytes: Uint8Array | string): void {
    this.#log.write(bytes);
  }

  journal(state: ExecutionState, at: string): void {
    this.#durably("worker.journal", executionFiles.log, () => this.#log.write(`${at} STATE ${state}\n`));
  }

  record(records: readonly ManifestRecord[]): void {
    const manifest = this.#openManifest();
    const lines = records.map(appendLine).join("");
    this.#durably("worker.manifest", executionFiles.manifest, () => writeSync(manifest, lines));
  }

  prepare(path: string): string {
    const inside = requireInside(path);
    const place = join(this.path, inside);
    return translating(`make place for ${place}`, () => {
      mkdirSync(dirname(place), { recursive: true });
      const parent = realpathSync.native(dirname(place));
      if (parent !== dirname(join(this.#real, inside)))
        throw new AlmanacError("ARTIFACT_INVALID", `a folder of ${inside} is a link`, {
          facts: { path: inside },
        });
      if (lstatSync(place, { throwIfNoEntry: false }) !== undefined)
        throw new AlmanacError("ARTIFACT_INVALID", `${inside} exists already`, {
          hint: "register a path before anything is written to it",
          facts: { path: inside },
        });
      return place;
    });
  }

  requireSource(file: string): void {
    const stats = translating(`read ${file}`, () => statSync(file, { throwIfNoEntry: false }));
    if (stats?.isFile() === true) return;
    const what = stats === undefined ? "there is no file" : "this is no file:";
    const message = `${what} ${file}, so that it cannot be registered`;
    throw new AlmanacError("FILE_MISSING", message, {
      hint:
        stats?.isDirectory() === true
          ? "registerFolder takes every file below a folder"
          : "a file that is yet to be written is registered by outputPath",
      facts: { file },
    });
  }

  bring(file: string, path: string, mode: "link" | "copy"): string {
    const place = this.prepare(path);
    return translating(`${mode} ${file} to ${place}`, () => {
      const from = realpathSync.native(file);
      if (mode === "copy") copyFileSync(from, place, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      else linkFile(from, place);
      return place;
    });
  }

  write(path: string, text: string): void {
    translating(`write ${join(this.path, path)}`, () => writeFileSync(join(this.path, path), text));
  }

  writeBundle(path: string, text: string): void {
    this.#durably("worker.bundle", path, () => writeFileSync(join(this.path, path), text));
  }

  append(path: string, text: string): void {
    this.#durably("worker.bundle", path, () => writeFileSync(join(this.path, path), text, { flag: "a" }));
  }

  has(path: string): boolean {
    return lstatSync(join(this.path, path), { throwIfNoEntry: false }) !== undefined;
  }

  isFull(): boolean {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize < fullBytes;
  }

  left(): readonly string[] {
    return translating(`list ${this.path}`, () =>
      filesBelow(this.path, "")
        .filter((path) => !ownFiles.has(path))
        .sort(compareCodeUnits),
    );
  }

  async seal(files: readonly FileToSeal[], sealing?: OnSealing): Promise<readonly SealedRecord[]> {
    const places = locateFiles(this.#real, files);
    const located = files.map(({ path }, index) => ({ path, at: places[index] as string }));
    const sealed = await sealFiles(located, sealing);
    const seals = sealed.map((seal, index): SealedRecord => {
      return { record: "sealed", path: files[index]?.path ?? "", ...seal };
    });
    const manifest = this.#openManifest();
    this.#durably("worker.seal", executionFiles.manifest, () => {
      if (seals.length > 0) writeSync(manifest, seals.map(appendLine).join(""));
      fsyncSync(manifest);
    });
    return seals;
  }

  close(): void {
    if (this.#manifest !== undefined) closeSync(this.#manifest);
    this.#manifest = undefined;
    translating(`write the log of ${this.path}`, () => this.#log.close());
  }

  writeOutcome(outcome: Outcome): void {
    const place = join(this.path, executionFiles.outcome);
    this.#durably("worker.outcome", executionFiles.outcome, () => {
      // The controller wrote it in passing; with the outcome it becomes a part of the result.
      if (existsSync(join(this.path, executionFiles.definition)))
        fsyncPath(join(this.path, executionFiles.definition));
      writeDurably(`${place}.tmp`, writeOutcome(outcome));
      renameSync(`${place}.tmp`, place);
      fsyncPath(this.path);
    });
  }

  #openManifest(): number {
    if (this.#manifest !== undefined) return this.#manifest;
    const manifest = this.#open(executionFiles.manifest);
    this.#manifest = manifest;
    writeSync(manifest, appendLine(manifestOpening));
    return manifest;
  }

  #open(name: string): number {
    return translating(`create ${join(this.path, name)}`, () => openSync(join(this.path, name), "a"));
  }

  #durably<T>(point: Parameters<DurableObserver["before"]>[0], name: string, write: () => T): T {
    return observed(this.#observer, point, () => translating(`write ${join(this.path, name)}`, write));
  }
}

/** Paths of everything below a folder that is no folder itself; links are listed, not followed. */
function filesBelow(folder: string, prefix: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)
      : [`${prefix}${entry.name}`],
  );
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, "w");
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Brings the bytes of a file, or the entries of a folder, to disk. */
function fsyncPath(path: string): void {
  const opened = openSync(path, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
