import { digestOf } from "../identity/digest.ts";
import type { Rid } from "../identity/rid.ts";
import type { Selector } from "./definition.ts";

/** What the folder of a solver's execution is named after. */
export interface FragmentParts {
  readonly provider: string;
  readonly diagnostic: string;
  readonly group: Rid;
  readonly execution: Rid;
}

/** Longest selector folder. @units bytes */
const longestFolder = 64;

/**
 * Relative folder of an execution, the same under scratch and under results:
 * `<provider>/<diagnostic>/<selectors>/<group rid>/<execution rid>`.
 * @param folder of its selectors, by `selectorFolder`
 */
export function fragmentIn(
  folder: string,
  { provider, diagnostic, group, execution }: FragmentParts,
): string {
  return `${provider}/${diagnostic}/${folder}/${group}/${execution}`;
}

/**
 * Readable, path-safe folder name of a group's selectors: the values, each once, joined by `_`; `all` without any.
 * Only `A–Z a–z 0–9 . _ -` stay; other characters become `-`. At most 64 bytes, longer ones are cut with a digest.
 */
export function selectorFolder(selectors: Readonly<Record<string, Selector>>): string {
  const values = Object.values(selectors).flatMap((selector) => selector.map(([, value]) => value));
  const readable = [...new Set(values)]
    .map((value) => value.replace(/[^A-Za-z0-9._-]+/g, "-"))
    .filter((value) => value !== "")
    .join("_")
    .replace(/^\.+/, "-");
  if (readable === "") return "all";
  if (readable.length <= longestFolder) return readable;
  const digest = digestOf(values).slice(0, 10);
  return `${readable.slice(0, longestFolder - digest.length - 1)}-${digest}`;
}
