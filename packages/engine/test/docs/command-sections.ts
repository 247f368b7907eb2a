import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Argument, Command, type Option } from "commander";
import type { CommandContext } from "../../src/entry/cli/command.ts";
import { type CommandEntry, commandRegistry } from "../../src/entry/cli/registry.ts";
import type { Terminal } from "../../src/entry/cli/terminal.ts";
import { unobserved } from "../../src/ports/durable.ts";
import { code, table } from "./markdown.ts";

/** What commands see while they are described: nothing is run, so nothing is printed or opened. */
const terminal: Terminal = {
  out: () => undefined,
  err: () => undefined,
  live: false,
  colour: false,
  rows: 24,
  columns: 100,
  cwd: "/",
  environment: {},
  stop: new AbortController().signal,
  cancel: new AbortController().signal,
};

const context: CommandContext = {
  terminal,
  compose: () => Promise.reject(new Error("a description opens nothing")),
  observer: unobserved,
  flags: () => ({}),
  commands: [],
  exit: () => undefined,
};

/** Options before or after any command's name, as `almanac --help` prints them. */
export function globalOptions(): string {
  const program = fileURLToPath(new URL("../../bin/almanac.js", import.meta.url));
  const help = execFileSync(process.execPath, [program, "--help"], { encoding: "utf8" });
  const found = /^Options:\n([\s\S]*?)\n\n/m.exec(help)?.[1];
  if (found === undefined) throw new Error("almanac --help has no options");
  return `\`\`\`\n${found}\n\`\`\``;
}

/** A section for every command of the registry, its sub-commands below it. */
export async function commandSections(): Promise<string> {
  const sections: string[] = [];
  for (const [name, entry] of Object.entries<CommandEntry>(commandRegistry)) {
    const command = new Command("almanac").command(name).description(entry.summary);
    (await entry.load()).define(command, context);
    sections.push(...describe(command, 3));
  }
  return sections.join("\n\n");
}

function describe(command: Command, level: number): string[] {
  const words = wordsOf(command);
  const rows = [
    ...command.registeredArguments.map(argumentRow),
    ...command.options.filter(({ hidden }) => !hidden).map(optionRow),
  ];
  const own = [
    `${"#".repeat(level)} ${words}`,
    sentence(command.description()),
    ...(command.commands.length === 0 ? [code(`almanac ${words} ${command.usage()}`.trim())] : []),
    ...(rows.length === 0 ? [] : [table(["", ""], rows)]),
  ];
  return [...own, ...command.commands.flatMap((each) => describe(each, level + 1))];
}

function wordsOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.name() === "almanac"
    ? command.name()
    : `${wordsOf(parent)} ${command.name()}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function argumentRow(argument: Argument): readonly string[] {
  return [code(argument.name()), withDefault(argument.description, argument.defaultValue)];
}

function optionRow(option: Option): readonly string[] {
  const shown = option.negate ? undefined : option.defaultValue;
  return [code(option.flags), withDefault(option.description, shown)];
}

function withDefault(description: string, value: unknown): string {
  return value === undefined ? description : `${description} (default: ${code(String(value))})`;
}
