import { Command } from "commander";
import { AlmanacError } from "../../core/errors.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import { type DurableObserver, unobserved } from "../../ports/durable.ts";
import type { Compose } from "../compose.ts";
import { createCommandLog } from "../log/command-log.ts";
import type { CommandContext, GlobalFlags } from "./command.ts";
import { exitCodeOf, presentError } from "./errors.ts";
import { type CommandEntry, type CommandName, commandRegistry } from "./registry.ts";
import { withSnapshot } from "./snapshot-words.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** What tests replace: how a project is opened, and who is told of durable writes outside of one. */
export interface MainOptions {
  readonly compose?: Compose;
  readonly observer?: DurableObserver;
}

/** Most of the program is loaded only when a command opens a project: help and mistakes are answered at once. */
const openWhenNeeded: Compose = async (options) => (await import("../compose.ts")).openProject(options);

/**
 * The command line. The one place where errors end.
 * @param argv arguments after the program's name
 * @returns exit code
 */
export async function main(argv: readonly string[], options: MainOptions = {}): Promise<number> {
  const terminal = processTerminal(argv);
  const { compose = openWhenNeeded, observer = unobserved } = options;
  const log = createCommandLog(argv, terminal);
  try {
    const words = asksVersion(argv) ? ["version"] : withSnapshot(argv);
    const exitCode = await run(words, { compose: log.watching(compose), observer, terminal });
    await log.end({ exitCode });
    return exitCode;
  } catch (error) {
    const code = exitCodeOf(error);
    const exitCode = terminal.interruptedBy() === "SIGTERM" && code === 130 ? 143 : code;
    // Help and version end in an error of the library's with exit code 0.
    const logFile = await log.end({ exitCode, ...(exitCode === 0 ? {} : { error }) });
    presentError(error, { terminal, debug: argv.includes("--debug"), logFile });
    // After a second Ctrl-C a step that was given up may go on; nothing but this ends it.
    if (terminal.cancel.aborted) process.exit(exitCode);
    return exitCode;
  }
}

async function run(
  argv: readonly string[],
  { terminal, compose, observer }: Required<MainOptions> & { terminal: Terminal },
): Promise<number> {
  const name = argv.find((word) => !word.startsWith("-") && !isOptionValue(argv, word));
  const program = rootCommand(terminal, argv);
  let exitCode = 0;
  const context: CommandContext = {
    terminal,
    compose,
    observer,
    flags: () => program.opts<GlobalFlags>(),
    commands: Object.entries(commandRegistry).map(([each, { summary }]) => ({ name: each, summary })),
    exit: (code) => {
      exitCode = code;
    },
  };
  if (name !== undefined && name !== "help") requireCommand(name);
  for (const [each, entry] of Object.entries<CommandEntry>(commandRegistry)) {
    const command = program.command(each).description(entry.summary);
    if (each === name || (name === "help" && argv.includes(each)))
      (await entry.load()).define(inherit(command, program), context);
  }
  if (name === undefined) {
    terminal.out(program.helpInformation());
    return argv.includes("--help") || argv.includes("-h") || argv.length === 0 ? 0 : 2;
  }
  await program.parseAsync([...argv], { from: "user" });
  return exitCode;
}

/** `almanac --version` is the command `version`. */
function asksVersion([first, ...others]: readonly string[]): boolean {
  return others.length === 0 && (first === "--version" || first === "-V");
}

/** The words after `--config` and `--snapshot` are their values, not a command. */
function isOptionValue(argv: readonly string[], word: string): boolean {
  return ["--config", "--snapshot"].includes(argv[argv.indexOf(word) - 1] ?? "");
}

function requireCommand(name: string): asserts name is CommandName {
  if (Object.hasOwn(commandRegistry, name)) return;
  const close = nearestNames(name, [...Object.keys(commandRegistry), "help"])[0];
  throw new AlmanacError("USAGE", `there is no command "${name}"`, {
    hint: close === undefined ? "almanac --help" : `did you mean: almanac ${close}`,
  });
}

/** How to ask for help on the command that the words name, as far down as they name one. */
function helpCommand(program: Command, words: readonly string[]): string {
  const named: string[] = [];
  let command: Command | undefined = program;
  for (const word of words.filter((each) => !each.startsWith("-") && !isOptionValue(words, each))) {
    command = command.commands.find((each) => each.name() === word);
    if (command === undefined) break;
    named.push(word);
  }
  return ["almanac", ...named, "--help"].join(" ");
}

function rootCommand(terminal: Terminal, argv: readonly string[]): Command {
  const program: Command = new Command("almanac")
    .description("A reproducible execution engine for scientific data.")
    .option("--config <file>", "configuration file (default: the nearest one upward)")
    .option("--snapshot <id>", "read the catalog as of a snapshot; RID@id says the same")
    .option("--debug", "print stacks with errors")
    .option("--quiet", "no progress")
    .option("--no-color", "no colour");
  return settle(program, {
    terminal,
    help: () => helpCommand(program, argv),
  });
}

/** Errors are thrown, not exits; unknown options get a suggestion; output goes where the terminal says. */
function settle(
  command: Command,
  { terminal, help }: { readonly terminal: Terminal; readonly help: () => string },
): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) =>
        write(`${text.replace(/^error: /, "error[USAGE]: ").trimEnd()}\n  to do: ${help()}\n`),
    });
}

function inherit(command: Command, program: Command): Command {
  return command.copyInheritedSettings(program);
}
