/**
 * One entry of an execution's log. Further lines of its text are indented, so that none can be taken for an entry of its
 * own, such as a change of state.
 * @param text begins with time and level
 */
export function logLine(text: string): string {
  return `${text.replaceAll(/\r\n?|\n/g, "\n  ").trimEnd()}\n`;
}
