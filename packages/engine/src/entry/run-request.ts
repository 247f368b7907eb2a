import path from "node:path";
import type { CodeCapture } from "../app/records/code-capture.ts";
import { refusedRun } from "../app/records/refused-run.ts";
import type { RunPorts } from "../app/records/run-ports.ts";
import type { RunRequest } from "../app/records/run-request.ts";
import { isAlmanacError } from "../core/errors.ts";
import type { RunDefinition } from "../core/execution/definition.ts";
import { digestOf } from "../core/identity/digest.ts";
import type { GivenWorkflow } from "../core/records/decide-workflow.ts";
import type { RunInput } from "./run-input.ts";
import type { RunTarget } from "./run-target.ts";

/**
 * Everything that is found out before a run is recorded: its code, what it runs in, and what it names.
 * @throws CODE_DIRTY when its code is not as it was committed, together with all else that is wrong with the run
 */
export async function runRequest(
  input: RunInput,
  {
    code,
    allowDirty = false,
    ports,
  }: { readonly code: CodeCapture; readonly allowDirty: boolean | undefined; readonly ports: RunPorts },
): Promise<{ readonly request: RunRequest; readonly warnings: readonly string[] }> {
  const { target, workingFolder } = input;
  const file = target.kind === "command" ? target.script : target.module;
  const asked = { file, given: givenFor(input), allowDirty, writes: input.writes };
  const found = await code.identify(asked).catch(async (error: unknown) => {
    if (!isAlmanacError(error, "CODE_DIRTY")) throw error;
    throw await refusedRun(error, { named: namedBy(input), ports });
  });
  const lockFiles = await code.lockFiles(file);
  const request: RunRequest = {
    origin: input.origin ?? "run",
    workflow: found.workflow,
    code: found.code,
    documents: [await code.environment(file), ...lockFiles, ...found.documents],
    description: input.description ?? "",
    parameters: input.parameters ?? {},
    ...inputsNamedBy(input),
    ...(input.parent === undefined ? {} : { parent: input.parent }),
    ...(input.earlier === undefined ? {} : { earlier: input.earlier }),
    limits: input.limits ?? {},
    computation: computationOf(target, workingFolder),
    commandLine: code.words(input.commandLine ?? []),
    workingFolder,
  };
  return { request, warnings: found.warnings };
}

function inputsNamedBy({ inputs = [], assets = [], datasets = [], ...input }: Omit<RunInput, "target">) {
  const files = inputs.map((each) => path.resolve(input.workingFolder, each));
  return { files, assets, datasets, allowDraft: input.allowDraft === true };
}

/** What a run names beside its code, as it is looked up. */
export function namedBy(input: Omit<RunInput, "target">) {
  return { ...inputsNamedBy(input), workflow: { types: input.workflow?.types ?? [] } };
}

/** Code that is no file goes by the command line itself. */
function givenFor({ target, workflow }: RunInput): GivenWorkflow | undefined {
  if (target.kind !== "command" || target.script !== undefined) return workflow;
  const [program = "command"] = target.argv;
  const name = path.basename(program);
  return { name, url: `command:${name}`, checksum: digestOf(target.argv), ...workflow };
}

function computationOf(target: RunTarget, workingFolder: string): RunDefinition["computation"] {
  if (target.kind === "command") return { kind: "command", argv: target.argv };
  const module = path
    .relative(workingFolder, target.module ?? "")
    .split(path.sep)
    .join("/");
  return { kind: "function", module: target.kind === "block" ? module : `${module}#${target.name}` };
}
