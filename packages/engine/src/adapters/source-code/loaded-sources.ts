import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A source as it was read. */
export interface ReadSource {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** A file that is older than the program by this much cannot have changed since it was loaded. */
const marginMs = 100;

/** The same where times may be coarse: as long as the coarsest are. */
const coarseMarginMs = 3000;

/**
 * Which of the sources that were read say something else than the code that this process runs: they were changed after it had
 * loaded them. Only files younger than the process are looked at, by asking the engine for the text that it compiled; of a module
 * that was loaded several times the last one counts. A file whose times are older than its change is not noticed.
 * @param same by path, time and text of sources that were found to be what runs: they are not asked for again, which is dear, as
 *   long as they stay so
 */
// allow-parameters: what is compared, and what was before
export async function outdatedSources<S extends ReadSource>(
  sources: Iterable<S>,
  same: Map<string, string>,
): Promise<readonly S[]> {
  const young = [...sources].flatMap((source) => {
    const times = timesOf(source.path);
    if (times === undefined) return [];
    const state = `${times} ${source.text}`;
    return same.get(source.path) === state ? [] : [{ source, state }];
  });
  if (young.length === 0) return [];
  const loaded = await loadedTexts(new Set(young.map(({ source }) => source.path)));
  return young.flatMap(({ source, state }) => {
    const running = loaded.get(source.path);
    if (running === undefined) return [];
    if (!isSameSource(source.text, running)) return [source];
    same.set(source.path, state);
    return [];
  });
}

/** When a young file was changed, with what says that it is still this file; undefined for an old one. */
function timesOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return "gone";
  // The time of the inode is nobody's to choose: if it has no fraction, the file system knows none.
  const margin = stats.ctimeMs % 1000 === 0 ? coarseMarginMs : marginMs;
  const changedMs = Math.max(stats.mtimeMs, stats.ctimeMs);
  return changedMs > performance.timeOrigin - margin
    ? `${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}`
    : undefined;
}

/** The texts that this thread compiled, by path; empty where Node.js has no inspector. */
async function loadedTexts(paths: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  if (!process.features.inspector) return new Map();
  const { Session } = await import("node:inspector");
  const texts = new Map<string, string>();
  const scripts = new Map<string, string>();
  const session = new Session();
  session.connect();
  try {
    session.on("Debugger.scriptParsed", ({ params: { url, scriptId } }) => {
      const path = pathOf(url);
      if (path !== undefined && paths.has(path)) scripts.set(path, later(scripts.get(path), scriptId));
    });
    session.post("Debugger.enable");
    for (const [path, scriptId] of scripts)
      session.post("Debugger.getScriptSource", { scriptId }, (error, found) => {
        if (error === null) texts.set(path, found.scriptSource);
      });
  } finally {
    session.disconnect();
  }
  return texts;
}

/** Ids of scripts are counted up. */
function later(known: string | undefined, scriptId: string): string {
  return known === undefined || Number(scriptId) > Number(known) ? scriptId : known;
}

function pathOf(url: string): string | undefined {
  if (url.startsWith("file:")) return fileURLToPath(url.replace(/[?#].*$/, ""));
  return url.startsWith("/") ? url : undefined;
}

/** True if a running text is that of a source: types are blanks in it, and a line with its address may follow. */
function isSameSource(source: string, running: string): boolean {
  const written = source.replace(/^\uFEFF/, "");
  const compiled = running.replace(/^\uFEFF/, "").replace(/\n\n\/\/# sourceURL=[^\n]*$/, "");
  if (written.length !== compiled.length) return false;
  for (let at = 0; at < written.length; at++) {
    const unit = compiled.charCodeAt(at);
    if (unit !== written.charCodeAt(at) && !isBlank(unit)) return false;
  }
  return true;
}

/** Blanks for types may be of any width; where one could join two statements, a semicolon stands. */
export function isBlank(unit: number): boolean {
  return unit === 32 || unit === 59 || (unit > 127 && /\s/.test(String.fromCharCode(unit)));
}
