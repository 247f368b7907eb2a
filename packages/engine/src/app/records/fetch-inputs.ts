import { resolve } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import type { RunDefinition } from "../../core/execution/definition.ts";
import type { LocalAsset } from "../../core/execution/run-context.ts";
import { resultsPath } from "../../core/records/asset.ts";
import type { ExecutionFolder } from "../../ports/execution-folder.ts";
import type { FragmentStore } from "../../ports/fragment-store.ts";
import type { InputFiles } from "../../ports/input-files.ts";

/** Where the files of inputs come from. */
export interface FetchPorts {
  readonly results: FragmentStore;
  readonly files: InputFiles;
  readonly projectFolder: string;
}

/**
 * Brings the input files of a run into its folder, each checked against the digest it was pinned with. Files are linked:
 * nobody may write to them.
 * @throws FILE_MISSING, ARTIFACT_INVALID when one is not there or not what was pinned; all of them are named
 */
export async function fetchInputs(
  { definition, folder }: { readonly definition: RunDefinition; readonly folder: ExecutionFolder },
  ports: FetchPorts,
): Promise<readonly LocalAsset[]> {
  const found = await Promise.all(definition.assets.map((asset) => locate(asset, ports)));
  const missing = found.flatMap(({ problem }) => problem ?? []);
  if (missing.length > 0)
    throw new AlmanacError("FILE_MISSING", `inputs cannot be used: ${missing.join("; ")}`, {
      hint: "bring back the files, or name others as inputs",
      facts: { missing },
    });
  return definition.assets.map((asset, at) => ({
    ...asset,
    localPath: folder.bring(found[at]?.file ?? "", asset.place, "link"),
  }));
}

interface Located {
  readonly file?: string;
  readonly problem?: string;
}

async function locate(asset: RunDefinition["assets"][number], ports: FetchPorts): Promise<Located> {
  const { rid, sha256 } = asset;
  const stored = resultsPath(asset.url);
  const file = stored === undefined ? resolve(ports.projectFolder, asset.url) : storedFile(stored, ports);
  const facts = file === undefined ? undefined : await ports.files.describe(file);
  if (file === undefined || facts === undefined) return { problem: `${rid}: ${asset.url} is not there` };
  if (facts.sha256 !== sha256)
    return { problem: `${rid}: ${asset.url} has sha256 ${facts.sha256}, not ${sha256}` };
  return { file };
}

/** The execution's folder ends with its RID; what follows is the path inside. */
function storedFile(path: string, { results }: FetchPorts): string | undefined {
  const [provider, workflow, execution, ...inside] = path.split("/");
  return results.localFile([provider, workflow, execution].join("/"), inside.join("/"));
}
