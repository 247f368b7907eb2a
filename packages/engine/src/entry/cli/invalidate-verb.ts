import type { Command } from "commander";
import { requireExecution } from "../../app/require-execution.ts";
import { AlmanacError } from "../../core/errors.ts";
import { type Rid, requireRid } from "../../core/identity/rid.ts";
import type { Project } from "../project.ts";
import type { CommandContext } from "./command.ts";
import { openFrom } from "./open.ts";

/** Why, in words of the user's. */
export interface ReasonFlags {
  readonly reason?: string;
}

/** Adds `--reason`. */
export function withReason(command: Command): Command {
  return command.option("--reason <text>", "why, for whoever looks at the group");
}

/** Makes groups dirty, as flagged by a user, in one transaction. */
export async function invalidate(
  groups: readonly Rid[],
  { project, reason }: { readonly project: Project } & ReasonFlags,
): Promise<void> {
  const said = reason === undefined ? "flagged by a user" : `flagged by a user: ${reason}`;
  await project.catalog.executions.flag(
    groups.map((group) => ({ group, dirty: { value: true, reason: said } })),
  );
}

/** Adds `executions invalidate`. */
export function defineInvalidate(command: Command, context: CommandContext): void {
  withReason(command)
    .description("run the groups of executions again at the next solve")
    .argument("<rid...>", "executions")
    .action(async (texts: string[], { reason }: ReasonFlags) => {
      const rids = texts.map(requireRid);
      await using project = await openFrom(context, { access: "write" });
      const groups: Rid[] = [];
      for (const rid of rids) groups.push(await requireGroupOf(rid, project));
      await invalidate([...new Set(groups)], { project, ...(reason === undefined ? {} : { reason }) });
      for (const rid of rids) context.terminal.out(`${rid}: its group runs at the next solve\n`);
    });
}

async function requireGroupOf(rid: Rid, { catalog }: Project): Promise<Rid> {
  const { group } = await requireExecution(rid, catalog.executions);
  if (group !== undefined) return group;
  throw new AlmanacError("USAGE", `execution ${rid} is a recorded run, which no solve runs again`, {
    hint: `almanac run --from ${rid}`,
  });
}
