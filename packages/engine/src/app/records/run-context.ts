import { AlmanacError } from "../../core/errors.ts";
import type { RegisterOptions } from "../../core/execution/context.ts";
import type { RunDefinition } from "../../core/execution/definition.ts";
import { applyRecord, type ChangedRecord } from "../../core/execution/manifest.ts";
import { insidePath, requireInside } from "../../core/execution/relative-path.ts";
import type { FileChanges, NestedEnd, NestedRun, RunContext } from "../../core/execution/run-context.ts";
import { inputsFolder } from "../../core/execution/run-fragment.ts";
import type { LocalAsset } from "../../core/records/asset.ts";
import { metadataProblems } from "../../core/records/asset-kind.ts";
import type { InputFiles } from "../../ports/input-files.ts";
import { type Collected, type ContextParts, createContext } from "../execution-context.ts";
import type { EarlierLeft } from "./earlier-run.ts";
import { resumedRun } from "./take-over.ts";
import type { UseAsset } from "./use-asset.ts";

/** What the context of a run is made of. */
export interface RunContextParts extends ContextParts<RunDefinition> {
  readonly assets: readonly LocalAsset[];
  readonly files: Pick<InputFiles, "below">;
  readonly useAsset: UseAsset;
  /** What is left of the run that this one resumes. */
  readonly earlier?: { readonly left: EarlierLeft; readonly taken: () => void } | undefined;
  /** Records and runs a part of this run. */
  readonly nested: (part: NestedRun, parent: RunDefinition) => Promise<NestedEnd>;
}

/** The context that the code of a run gets; everything it leaves is added to `collected`. */
export function createRunContext(parts: RunContextParts, collected: Collected): RunContext {
  const { definition, assets } = parts;
  const context = createContext(parts, collected);
  const registerFile: RunContext["registerFile"] = (file, path, options) => {
    requireAllowed(definition, { path, options });
    return context.registerFile(file, path, options);
  };
  return {
    ...context,
    config: definition.parameters,
    resumed:
      parts.earlier &&
      resumedRun(parts.earlier.left, {
        ...{ folder: parts.folder, collected, context },
        taken: parts.earlier.taken,
      }),
    assets,
    asset: (name) => requireAsset(assets, name),
    outputPath: (path, options = {}) => {
      requireAllowed(definition, { path, options });
      return context.outputPath(path, options);
    },
    nested: (part) => parts.nested(part, definition),
    useAsset: parts.useAsset,
    registerFile,
    registerFolder: (folder, path, options) =>
      parts.files.below(folder).map((file) => registerFile(`${folder}/${file}`, `${path}/${file}`, options)),
    changeFile: (path, changes) => changeFile(parts, { path, changes, collected }),
  };
}

/** Kinds, columns and the folder of inputs are checked before anything is registered. */
function requireAllowed(
  { kinds }: RunDefinition,
  { path, options }: { readonly path: string; readonly options: RegisterOptions },
): void {
  if (insidePath(path)?.split("/")[0] === inputsFolder)
    throw refused(path, [`the folder ${inputsFolder} is for inputs`]);
  const kind = kinds.find(({ name }) => name === (options.kind ?? "execution-asset"));
  if (kind === undefined)
    throw refused(path, [
      `there is no asset kind "${options.kind}": there are ${kinds.map(({ name }) => name).join(", ")}`,
    ]);
  const problems = metadataProblems(kind, options.metadata ?? {});
  if (problems.length > 0) throw refused(path, problems);
}

function refused(path: string, problems: readonly string[]): AlmanacError {
  return new AlmanacError("ARTIFACT_INVALID", `${path} cannot be registered: ${problems.join("; ")}`, {
    hint: "almanac assets kinds",
    facts: { path, problems },
  });
}

function changeFile(
  { folder, definition }: RunContextParts,
  {
    path: asked,
    changes,
    collected,
  }: { readonly path: string; readonly changes: FileChanges; readonly collected: Collected },
): void {
  const path = requireInside(asked);
  const kind = collected.manifest.artifacts.get(path)?.kind;
  if (kind !== undefined && changes.metadata !== undefined)
    requireAllowed(definition, { path, options: { kind, metadata: changes.metadata } });
  const record: ChangedRecord = {
    record: "changed",
    path,
    ...(changes.types === undefined ? {} : { types: changes.types }),
    ...(changes.metadata === undefined ? {} : { metadata: changes.metadata }),
    ...(changes.description === undefined ? {} : { description: changes.description }),
  };
  applyRecord(collected.manifest, record);
  folder.record([record]);
}

function requireAsset(assets: readonly LocalAsset[], name: string): LocalAsset {
  const byRid = assets.find(({ rid }) => rid === name.toUpperCase());
  const named = byRid === undefined ? assets.filter(({ fileName }) => fileName === name) : [byRid];
  const [asset] = named;
  if (asset !== undefined && named.length === 1) return asset;
  const known = assets.map(({ rid, fileName }) => `${rid} ${fileName}`).join(", ");
  throw new AlmanacError(
    "UNKNOWN_NAME",
    named.length > 1 ? `${named.length} inputs have the name "${name}"` : `there is no input "${name}"`,
    { hint: known === "" ? "the run has no input files" : `inputs: ${known}`, facts: { name } },
  );
}
