import path from "node:path";
import { AlmanacError } from "../core/errors.ts";
import type { RunDefinition } from "../core/execution/definition.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { ExecutionCatalog } from "../ports/execution-catalog.ts";
import type { RunInput } from "./run-input.ts";
import { commandTarget, functionTarget } from "./run-target.ts";

/**
 * The definition of a recorded run.
 * @throws UNKNOWN_NAME when there is no such execution, USAGE when it is one of the solver's
 */
export async function requireRun(
  rid: Rid,
  executions: Pick<ExecutionCatalog, "definition">,
): Promise<RunDefinition> {
  const definition = await executions.definition(rid);
  if (definition === undefined)
    throw new AlmanacError("UNKNOWN_NAME", `there is no execution ${rid}`, {
      hint: "almanac executions list --provider runs",
      facts: { rid },
    });
  if (definition.origin !== undefined) return definition;
  throw new AlmanacError("USAGE", `execution ${rid} is one of the solver's, not a recorded run`, {
    hint: `almanac executions retry ${rid}`,
    facts: { rid },
  });
}

/**
 * The same run once more, from what was recorded: code as it is now, inputs by RID, configuration, description, place
 * in its parent.
 * @param folder absolute folder of the project
 * @throws RUN_INVALID when its code is not there any more, USAGE when it was a block of somebody's own program
 */
export async function runAgain(definition: RunDefinition, folder: string): Promise<RunInput> {
  const { computation, parameters, description, datasets, assets, limits, parent, rid } = definition;
  const workingFolder = path.resolve(folder, definition.workingFolder);
  if (definition.origin === "build")
    throw new AlmanacError("USAGE", `${rid} is a build: its steps are built again where they changed`, {
      hint: "almanac build --record",
      facts: { rid },
    });
  if (computation.kind === "function" && !computation.module.includes("#"))
    throw new AlmanacError("USAGE", `the run ${rid} was a block of ${computation.module || "a program"}`, {
      hint: "start that program again",
      facts: { rid },
    });
  return {
    target:
      computation.kind === "command"
        ? commandTarget(computation.argv, workingFolder)
        : await functionTarget(computation.module, workingFolder),
    description,
    parameters,
    limits,
    datasets: datasets.map(({ id }) => id),
    assets: assets.map((asset) => asset.rid),
    ...(parent === undefined ? {} : { parent }),
    commandLine: definition.commandLine,
    workingFolder,
  };
}
