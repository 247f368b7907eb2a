import { relative, sep } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import type { ExecutionDefinition, RunDefinition } from "../../core/execution/definition.ts";
import { inputsFolder, runFragment } from "../../core/execution/run-fragment.ts";
import { digestOf } from "../../core/identity/digest.ts";
import type { AllowedRecords } from "../../core/records/allowed-records.ts";
import type { AssetKind } from "../../core/records/asset-kind.ts";
import { type AllowedTerm, assetTypeVocabulary } from "../../core/records/asset-types.ts";
import type { RecordedRun, RunRids } from "../../ports/run-catalog.ts";
import { allowedRecords } from "./allowed-records.ts";
import { type ResolvedInputs, resolveInputs } from "./resolve-inputs.ts";
import type { RunPorts } from "./run-ports.ts";
import type { RunRequest } from "./run-request.ts";

/** RIDs set aside for each run. */
const reserved = 32;

/** What a definition is made from beside the RIDs. */
export interface RunFrame {
  readonly request: RunRequest;
  readonly inputs: ResolvedInputs;
  readonly kinds: readonly AssetKind[];
  readonly assetTypes: readonly AllowedTerm[];
  readonly allowed: AllowedRecords | undefined;
  readonly vocabulary: ExecutionDefinition["vocabulary"];
  readonly projectFolder: string;
  readonly createdAt: string;
}

/**
 * Records a run: everything it names is found first, then workflow, execution and inputs are in the catalog at once.
 * @throws RUN_INVALID when something named is not there; nothing is written then
 */
export async function recordRun(request: RunRequest, ports: RunPorts): Promise<RecordedRun> {
  const frame = await runFrame(request, ports);
  const changed = changedInputs(request, frame.inputs);
  const recorded = await ports.runs.record(
    {
      workflow: request.workflow,
      inputs: frame.inputs.assets,
      ...(request.parent === undefined ? {} : { parent: request.parent }),
      reserve: reserved,
      parametersDigest: digestOf(request.parameters),
      define: (rids) => defineRun(frame, rids),
    },
    ports.owner,
  );
  return { ...recorded, remarks: [...changed, ...recorded.remarks] };
}

/** Finds what a run names. @throws RUN_INVALID */
export async function runFrame(
  request: RunRequest,
  ports: Pick<
    RunPorts,
    "assets" | "authored" | "datasets" | "declarations" | "files" | "projectFolder" | "vocabulary"
  > & {
    readonly worker: Pick<RunPorts["worker"], "clock">;
  },
): Promise<RunFrame> {
  const inputs = await resolveInputs(request, ports);
  requireUnchanged(request, inputs);
  return {
    request,
    inputs,
    kinds: await ports.assets.kinds(),
    assetTypes: await allowedTypes(ports.declarations),
    allowed: await allowedRecords(ports.declarations),
    vocabulary: ports.vocabulary,
    projectFolder: ports.projectFolder,
    createdAt: ports.worker.clock.now(),
  };
}

async function allowedTypes({ vocabularies }: RunPorts["declarations"]): Promise<readonly AllowedTerm[]> {
  const terms = await vocabularies.terms(assetTypeVocabulary);
  return terms.map(({ name, synonyms }) => ({ name, synonyms }));
}

/** Of a resumed run no dataset may be another one by now. @throws RUN_INVALID */
function requireUnchanged(request: RunRequest, inputs: ResolvedInputs): void {
  const { earlier } = request;
  const problems = earlier?.resumed === true ? changedInputs(request, inputs) : [];
  if (earlier === undefined || problems.length === 0) return;
  throw new AlmanacError("RUN_INVALID", `the run ${earlier.rid} cannot be resumed: ${problems.join("; ")}`, {
    hint: `almanac run --from ${earlier.rid} takes the datasets as they are now`,
    facts: { problems },
  });
}

/** Datasets whose files are not those that the earlier run had. */
function changedInputs({ earlier }: RunRequest, { datasets }: ResolvedInputs): readonly string[] {
  const contents = ({ files }: ResolvedInputs["datasets"][number]): string =>
    JSON.stringify(files.map(({ path, contentId }) => [path, contentId]));
  return (earlier?.datasets ?? []).flatMap((before) => {
    const now = datasets.find(({ id, sourceType }) => id === before.id && sourceType === before.sourceType);
    if (now === undefined || contents(now) === contents(before)) return [];
    return [`the dataset ${before.id} has other files than ${earlier?.rid} had`];
  });
}

/** The definition of a run, once its RIDs are known. */
export function defineRun({ request, inputs, ...frame }: RunFrame, rids: RunRids): RunDefinition {
  const {
    origin,
    workflow,
    code,
    description,
    parameters,
    limits,
    computation,
    commandLine,
    parent,
    earlier,
  } = request;
  return {
    formatVersion: 2,
    origin,
    rid: rids.execution,
    fragment: runFragment(workflow.name, rids.execution),
    workflow: { ...workflow, rid: rids.workflow },
    code,
    description,
    datasets: inputs.datasets,
    assets: inputs.assets.map((input, at) => {
      const rid = rids.assets[at] ?? rids.execution;
      return { ...input, rid, place: `${inputsFolder}/${rid}/${input.fileName}` };
    }),
    fingerprint: fingerprintOf(request, inputs),
    parameters,
    limits,
    computation,
    kinds: frame.kinds,
    assetTypes: frame.assetTypes,
    vocabulary: frame.vocabulary,
    ...(frame.allowed === undefined ? {} : { allowed: frame.allowed }),
    commandLine,
    workingFolder: relative(frame.projectFolder, request.workingFolder).split(sep).join("/") || ".",
    ...(earlier?.resumed === true ? { resumes: earlier.rid } : {}),
    ...(parent === undefined ? {} : { parent }),
    reserved: { first: rids.reserved, count: reserved },
    createdAt: frame.createdAt,
  };
}

/** Digest over what decides the output of a run, as far as it is known: code, configuration, inputs. */
function fingerprintOf({ origin, workflow, code, parameters }: RunRequest, inputs: ResolvedInputs): string {
  return digestOf([
    origin,
    workflow.url,
    workflow.checksum,
    code.patchDigest ?? "",
    parameters,
    inputs.assets.map(({ sha256 }) => sha256),
    inputs.datasets.map(({ id, files, authored }) => [
      ...[id, files.map(({ contentId }) => contentId)],
      ...(authored === undefined ? [] : [authored.digest]),
    ]),
  ]);
}
