import { AlmanacError } from "../../core/errors.ts";
import type { RegisterOptions } from "../../core/execution/context.ts";
import type { RunDefinition } from "../../core/execution/definition.ts";
import { insidePath } from "../../core/execution/relative-path.ts";
import { inputsFolder } from "../../core/execution/run-fragment.ts";
import { metadataProblems } from "../../core/records/asset-kind.ts";
import { assetTypeNames } from "../../core/records/asset-types.ts";

/** What is told of one file of a run. */
export interface FileToRegister<Options> {
  readonly path: string;
  readonly options: Options;
}

/**
 * Checks what is told of a file against what the run's definition allows, before anything is registered: its place, its kind,
 * metadata columns, types.
 * @returns the options with types by their names
 * @throws ARTIFACT_INVALID with all problems
 */
export function allowedOptions<Options extends RegisterOptions>(
  definition: Pick<RunDefinition, "kinds" | "assetTypes">,
  { path, options }: FileToRegister<Options>,
): Options {
  if (insidePath(path)?.split("/")[0] === inputsFolder)
    throw refused(path, [`the folder ${inputsFolder} is for inputs`]);
  const { kinds } = definition;
  const kind = kinds.find(({ name }) => name === (options.kind ?? "execution-asset"));
  if (kind === undefined)
    throw refused(path, [
      `there is no asset kind "${options.kind}": there are ${kinds.map(({ name }) => name).join(", ")}`,
    ]);
  const types = assetTypeNames(options.types ?? [], definition);
  const problems = [...metadataProblems(kind, options.metadata ?? {}), ...(types.ok ? [] : types.error)];
  if (problems.length > 0) throw refused(path, problems);
  return types.ok && options.types !== undefined ? { ...options, types: types.value } : options;
}

function refused(path: string, problems: readonly string[]): AlmanacError {
  const isOfTypes = problems.some((problem) => problem.startsWith("there is no asset type"));
  return new AlmanacError("ARTIFACT_INVALID", `${path} cannot be registered: ${problems.join("; ")}`, {
    hint: isOfTypes
      ? "almanac vocab show Asset_Type; almanac vocab add Asset_Type …"
      : "almanac assets kinds",
    facts: { path, problems },
  });
}
