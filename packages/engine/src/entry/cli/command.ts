import type { Command } from "commander";
import type { DurableObserver } from "../../ports/durable.ts";
import type { Compose } from "../compose.ts";
import type { Terminal } from "./terminal.ts";

/** Options before or after any command's name. */
export interface GlobalFlags {
  readonly config?: string;
  /** Id or name of a snapshot. */
  readonly snapshot?: string;
  readonly debug?: boolean;
  readonly quiet?: boolean;
}

/** What a command gets to work with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly compose: Compose;
  /** Told of durable writes that no project does, such as its first configuration file. */
  readonly observer: DurableObserver;
  readonly flags: () => GlobalFlags;
  /** Every command with its summary, in the order of the help. */
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  /** Sets the exit code of a command that ends without an error. */
  readonly exit: (code: number) => void;
}

/** A command's module: adds its options and action to the commander command of its name. */
export interface CommandModule {
  readonly define: (command: Command, context: CommandContext) => void;
}
