import path from "node:path";
import { requireExecution } from "../app/require-execution.ts";
import { AlmanacError } from "../core/errors.ts";
import type { RunDefinition } from "../core/execution/definition.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { ExecutionCatalog } from "../ports/execution-catalog.ts";
import type { Project } from "./project.ts";
import type { Recording, RunInput } from "./run-input.ts";
import { commandTarget, type FoundTarget, findTarget, functionTarget } from "./run-target.ts";

/**
 * The definition of a recorded run.
 * @throws UNKNOWN_NAME when there is no such execution, USAGE when it is one of the solver's
 */
export async function requireRun(
  rid: Rid,
  executions: Pick<ExecutionCatalog, "definition" | "execution">,
): Promise<RunDefinition> {
  const definition = await executions.definition(rid);
  if (definition === undefined)
    throw new AlmanacError("UNKNOWN_NAME", `there is no execution ${rid}`, {
      hint: "almanac executions list --provider runs",
      facts: { rid },
    });
  // Where its folder is says the record: the folder of one that came with a bag is not here.
  const { fragment } = await requireExecution(rid, executions);
  if (definition.origin !== undefined) return { ...definition, fragment };
  throw new AlmanacError("USAGE", `execution ${rid} is one of the solver's, not a recorded run`, {
    hint: `almanac executions retry ${rid}`,
    facts: { rid },
  });
}

/** Everything of a run but its code, from what was recorded. */
export function sameInputs(
  definition: RunDefinition,
  { resumed }: { readonly resumed: boolean },
): Omit<RunInput, "target" | "workingFolder"> {
  const { parameters, description, datasets, assets, limits, parent, rid, workflow, fragment } = definition;
  return {
    ...{ description, parameters, limits },
    workflow: { name: workflow.name, types: workflow.types },
    datasets: datasets.map(({ id, authored, version }) =>
      authored?.materialize === false ? { rid: authored.rid, version, materialize: false } : id,
    ),
    allowDraft: datasets.some(({ authored }) => authored?.draft === true),
    assets: assets.map((asset) => asset.rid),
    earlier: { rid, fragment, datasets, resumed },
    ...(parent === undefined ? {} : { parent }),
  };
}

/**
 * The same run once more, from what was recorded: code as it is now, inputs by RID, configuration, description, place
 * in its parent.
 * @param how.folder absolute folder of the project
 * @param how.resumed true: it goes on where the earlier one was interrupted, with inputs that are still the same
 * @returns what it is run with, and its code, or why that cannot be run
 * @throws USAGE when it was a block of somebody's own program
 */
export async function runAgain(
  definition: RunDefinition,
  { folder, resumed }: { readonly folder: string; readonly resumed: boolean },
): Promise<{ readonly input: Omit<RunInput, "target">; readonly found: FoundTarget }> {
  const { computation, rid } = definition;
  const workingFolder = path.resolve(folder, definition.workingFolder);
  if (definition.origin === "build")
    throw new AlmanacError("USAGE", `${rid} is a build: its steps are built again where they changed`, {
      hint: "almanac build --record",
      facts: { rid },
    });
  if (computation.kind === "function" && !computation.module.includes("#"))
    throw new AlmanacError("USAGE", `the run ${rid} was a block of ${computation.module || "a program"}`, {
      hint:
        definition.parent === undefined
          ? "start that program again; in it, resumeExecution goes on with the run"
          : `it is a part of ${definition.parent.rid}: almanac run --from ${definition.parent.rid} runs the whole again`,
      facts: { rid },
    });
  const found = await findTarget(() =>
    computation.kind === "command"
      ? commandTarget(computation.argv, workingFolder)
      : functionTarget(computation.module, workingFolder),
  );
  const { commandLine } = definition;
  return { input: { ...sameInputs(definition, { resumed }), commandLine, workingFolder }, found };
}

/**
 * Brings a run that was interrupted to an end, as far as that is possible without computing: what had been computed is
 * published, what was lost has failed.
 * @returns its RID here and the state it is in now: `published`, `failed` or `aborted`
 * @throws UNKNOWN_NAME, USAGE as `requireRun`; CONFLICT while a process works on it, or while it cannot be published
 */
export async function endInterrupted(
  rid: Rid,
  {
    project,
    recording,
    signal,
  }: {
    readonly project: Pick<Project, "catalog">;
    readonly recording: Pick<Recording, "publish">;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly rid: Rid; readonly state: ExecutionState }> {
  await requireRun(rid, project.catalog.executions);
  const { state } = await requireExecution(rid, project.catalog.executions);
  if (state === "aborted" || state === "published") return { rid, state };
  const [end] = await recording.publish({ rids: [rid], retries: 3, signal });
  if (end?.state === "published" || end?.state === "failed") return { rid, state: end.state };
  throw new AlmanacError("CONFLICT", `the run ${rid} cannot be resumed: ${end?.reason ?? "it is gone"}`, {
    hint: `almanac executions show ${rid}`,
  });
}
