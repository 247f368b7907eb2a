import type { SolverDefinition } from "../core/execution/definition.ts";
import type { ExecutionFolder } from "../ports/execution-folder.ts";
import type { InputFiles } from "../ports/input-files.ts";
import { type FetchPorts, fetchInputs } from "./records/fetch-inputs.ts";

/** Brings the files of authored datasets, which no worker could find, into the folder of an execution before it starts. */
export type BringInputs = (
  definition: Pick<SolverDefinition, "rid" | "datasets">,
  how: { readonly folder: string; readonly signal: AbortSignal },
) => Promise<void>;

/** What bringing inputs needs of the outside. */
export interface BringPorts extends FetchPorts {
  /** Places inside a scratch folder that no worker has taken yet. */
  readonly places: (folder: string) => Pick<ExecutionFolder, "bring" | "prepare">;
}

/**
 * Brings inputs of executions, each file checked against the digest it was pinned with. A file that many executions have is
 * hashed once.
 */
export function inputBringer(ports: BringPorts): BringInputs {
  const once = { ...ports, files: describingOnce(ports.files) };
  return async ({ rid, datasets }, { folder, signal }) => {
    if (datasets.every(({ authored }) => authored === undefined)) return;
    const definition = { rid, datasets, assets: [] };
    await fetchInputs({ definition, folder: ports.places(folder), signal }, once);
  };
}

function describingOnce(files: FetchPorts["files"]): Pick<InputFiles, "describe"> {
  const known = new Map<string, ReturnType<InputFiles["describe"]>>();
  return {
    describe: (file) => {
      const described = known.get(file) ?? files.describe(file);
      known.set(file, described);
      // What could not be read may be there for the next execution.
      described.then(
        (facts) => facts === undefined && known.delete(file),
        () => known.delete(file),
      );
      return described;
    },
  };
}
