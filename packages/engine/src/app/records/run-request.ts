import type { RunDefinition } from "../../core/execution/definition.ts";
import type { Limits } from "../../core/execution/limits.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import type { AssetSpec } from "../../core/records/asset-spec.ts";
import type { CapturedDocument } from "../../core/records/captured.ts";
import type { InputSpec } from "../../core/records/input-spec.ts";
import type { CodeState, WorkflowIdentity } from "../../core/records/workflow.ts";

/** What an earlier run was run with. */
export interface EarlierInputs {
  readonly rid: Rid;
  readonly datasets: RunDefinition["datasets"];
  /** True: the new run resumes it. False: it is the same once more. */
  readonly resumed: boolean;
}

/** What a person asks for: code to be run as a recorded execution, and what it is to be run with. */
export interface RunRequest {
  readonly origin: RunDefinition["origin"];
  readonly workflow: WorkflowIdentity;
  readonly code: CodeState;
  /** Stored before the computation starts. */
  readonly documents: readonly CapturedDocument[];
  readonly description: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** Local files as inputs, absolute paths. */
  readonly files: readonly string[];
  /** Assets as inputs, by RID in any spelling. */
  readonly assets: readonly AssetSpec[];
  /** Datasets as inputs: ingested ones by id or RID, versions of authored ones. */
  readonly datasets: readonly InputSpec[];
  /** Drafts of authored datasets may be inputs too. */
  readonly allowDraft?: boolean;
  readonly parent?: { readonly rid: Rid; readonly sequence?: number };
  /** A run of the same inputs: those that are other ones by now are told, and refused where it is resumed. */
  readonly earlier?: EarlierInputs;
  readonly limits: Limits;
  readonly computation: RunDefinition["computation"];
  readonly commandLine: readonly string[];
  /** Absolute. */
  readonly workingFolder: string;
}
