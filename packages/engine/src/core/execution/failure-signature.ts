import type { FailureClass } from "./state.ts";

const longest = 300;

/**
 * What failures with the same cause share: class, code and the message without what differs from run to run. Paths,
 * RIDs, digests and numbers become placeholders; blanks are folded; only the head of a long message counts.
 * @example signatureOf("system", "SIGNAL_SIGKILL", "pid 4711 of /tmp/x died") === "system|SIGNAL_SIGKILL|pid # of <path> died"
 */
// allow-parameters: class, code and message are the three facts of every failure, always in this order
export function signatureOf(failureClass: FailureClass, code: string, message: string): string {
  const plain = message
    .replace(/(?:[A-Za-z]:)?(?:\.{0,2}[\\/])[^\s"'`,;:()[\]]+/g, "<path>")
    .replace(/\b[0-9A-HJKMNP-TV-Z]{1,4}(?:-[0-9A-HJKMNP-TV-Z]{4})+\b/g, "#")
    .replace(/\b[0-9a-f]{8,}\b/g, "#")
    .replace(/[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, "#")
    .replace(/\s+/g, " ")
    .trim();
  return `${failureClass}|${code}|${plain.slice(0, longest)}`;
}
