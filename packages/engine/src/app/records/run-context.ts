import { AlmanacError } from "../../core/errors.ts";
import type { RunDefinition } from "../../core/execution/definition.ts";
import { applyRecord, type ChangedRecord } from "../../core/execution/manifest.ts";
import { requireInside } from "../../core/execution/relative-path.ts";
import type { FileChanges, NestedEnd, NestedRun, RunContext } from "../../core/execution/run-context.ts";
import type { LocalAsset } from "../../core/records/asset.ts";
import { runCalls } from "../../documents/context-calls.ts";
import type { InputFiles } from "../../ports/input-files.ts";
import { checkedCalls } from "../checked-calls.ts";
import { type Collected, type ContextParts, createContext } from "../execution-context.ts";
import { allowedOptions } from "./allowed-files.ts";
import type { EarlierLeft } from "./earlier-run.ts";
import { keptValues } from "./kept-values.ts";
import { resumedRun } from "./take-over.ts";
import type { UseAsset } from "./use-asset.ts";

/** What the context of a run is made of. */
export interface RunContextParts extends ContextParts<RunDefinition> {
  readonly assets: readonly LocalAsset[];
  readonly files: Pick<InputFiles, "below">;
  readonly useAsset: UseAsset;
  readonly useDataset: RunContext["useDataset"];
  readonly catalog: RunContext["catalog"];
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
    return context.registerFile(file, path, allowedOptions(definition, { path, options }));
  };
  const values = keptValues(context, { collected, folder: parts.folder });
  const { takeOver: _, ...giving } = values;
  const ofRun: RunContext = {
    ...context,
    ...giving,
    config: definition.parameters,
    resumed:
      parts.earlier &&
      resumedRun(parts.earlier.left, {
        ...{ folder: parts.folder, collected, context, values },
        taken: parts.earlier.taken,
      }),
    assets,
    asset: (name) => requireAsset(assets, name),
    outputPath: (path, options = {}) => {
      return context.outputPath(path, allowedOptions(definition, { path, options }));
    },
    nested: (part) => parts.nested(part, definition),
    useAsset: parts.useAsset,
    useDataset: parts.useDataset,
    catalog: parts.catalog,
    registerFile,
    registerFolder: (folder, path, options) =>
      parts.files.below(folder).map((file) => registerFile(`${folder}/${file}`, `${path}/${file}`, options)),
    changeFile: (path, changes) => changeFile(parts, { path, changes, collected }),
  };
  return checkedCalls(ofRun, runCalls);
}

function changeFile(
  { folder, definition }: RunContextParts,
  {
    path: named,
    changes,
    collected,
  }: { readonly path: string; readonly changes: FileChanges; readonly collected: Collected },
): void {
  const path = requireInside(named);
  const kind = collected.manifest.artifacts.get(path)?.kind;
  const { types, metadata } = changes;
  const asked = {
    ...(types === undefined ? {} : { types }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  const allowed =
    kind === undefined ? asked : allowedOptions(definition, { path, options: { kind, ...asked } });
  const record: ChangedRecord = {
    record: "changed",
    path,
    ...(allowed.types === undefined ? {} : { types: allowed.types }),
    ...(allowed.metadata === undefined ? {} : { metadata: allowed.metadata }),
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
