import { createReadStream, existsSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { requireExecution, requireExecutionFolder } from "../../../app/require-execution.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { executionFiles } from "../../../core/execution/outcome.ts";
import { requireRid } from "../../../core/identity/rid.ts";
import type { Project } from "../../project.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";

/** Milliseconds between two looks at a log that is followed. */
const followMs = 200;

/** `almanac logs RID`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    command
      .argument("<rid>", "execution")
      .option("--follow", "go on until the execution ends")
      .action(async (text: string, { follow }: { readonly follow?: boolean }) => {
        await using project = await openFrom(context, { access: "read" });
        const rid = requireRid(text);
        let read = await printFrom({ project, rid, from: 0 }, context.terminal.out);
        while (follow === true && !context.terminal.stop.aborted && (await isLive(project, rid))) {
          await sleep(followMs);
          read = await printFrom({ project, rid, from: read }, context.terminal.out);
        }
        if (follow === true) await printFrom({ project, rid, from: read }, context.terminal.out);
      });
  },
};

type Rid = ReturnType<typeof requireRid>;

async function isLive(project: Project, rid: Rid): Promise<boolean> {
  const { state } = await requireExecution(rid, project.catalog.executions);
  return !["published", "failed", "aborted"].includes(state);
}

/** Prints what the log holds beyond an offset, from scratch while it is there, else from results. @returns the new offset */
async function printFrom(
  { project, rid, from }: { project: Project; rid: Rid; from: number },
  out: (text: string) => void,
): Promise<number> {
  const { fragment, state } = await requireExecutionFolder(rid, project.catalog.executions);
  const files = [project.scratch, project.results].map((store) =>
    path.join(store.folder(fragment), executionFiles.log),
  );
  const file = files.find((each) => existsSync(each));
  if (file === undefined) {
    if (from > 0 || !["published", "failed", "aborted"].includes(state)) return from;
    throw new AlmanacError("FILE_MISSING", `execution ${rid} (${state}) left no log`, {
      hint: `almanac executions show ${rid}`,
    });
  }
  for await (const chunk of createReadStream(file, { start: from, encoding: "utf8" })) out(String(chunk));
  return statSync(file).size;
}
