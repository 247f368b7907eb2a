import type { EventSink } from "../../ports/events.ts";
import type { Access, Project } from "../project.ts";
import type { CommandContext } from "./command.ts";

/** Opens the project a command works in, with the global options of the command line. */
export function openFrom(
  { compose, terminal, flags }: CommandContext,
  options: {
    readonly access: Access;
    readonly emit?: EventSink;
    readonly settings?: Readonly<Record<string, unknown>>;
  },
): Promise<Project> {
  const { config, snapshot } = flags();
  return compose({
    cwd: terminal.cwd,
    environment: terminal.environment,
    ...(config === undefined ? {} : { config }),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...options,
  });
}
