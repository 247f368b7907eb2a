import type { Published, PublishPendingOptions } from "../app/records/publish-pending.ts";
import type { OnRecorded, RunReport } from "../app/records/run-once.ts";
import type { EarlierInputs } from "../app/records/run-request.ts";
import type { RunControl } from "../app/run-control.ts";
import type { AlmanacError } from "../core/errors.ts";
import type { RunDefinition } from "../core/execution/definition.ts";
import type { Limits } from "../core/execution/limits.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Json } from "../core/json.ts";
import type { AssetSpec } from "../core/records/asset-spec.ts";
import type { GivenWorkflow } from "../core/records/decide-workflow.ts";
import type { InputSpec } from "../core/records/input-spec.ts";
import type { OutputCapture } from "../ports/output-capture.ts";
import type { RunTarget } from "./run-target.ts";

/** What to run, and with what. */
export interface RunInput {
  readonly target: RunTarget;
  /** Default: `run`. */
  readonly origin?: RunDefinition["origin"];
  /** Absolute folders that the code itself writes; no change in them makes it dirty. */
  readonly writes?: readonly string[];
  readonly workflow?: GivenWorkflow | undefined;
  readonly description?: string | undefined;
  readonly parameters?: Readonly<Record<string, Json>>;
  /** Local files, relative to `workingFolder`. */
  readonly inputs?: readonly string[];
  readonly assets?: readonly AssetSpec[];
  /** Ingested ones by id or RID; authored ones as `RID@version`, by name, or `{rid, version, materialize}`. */
  readonly datasets?: readonly InputSpec[];
  /** Drafts of authored datasets may be inputs too; it is recorded. */
  readonly allowDraft?: boolean;
  readonly parent?: { readonly rid: Rid; readonly sequence?: number };
  /** The run that this one resumes, or is once more. */
  readonly earlier?: EarlierInputs & { readonly fragment: string };
  readonly limits?: Limits;
  readonly allowDirty?: boolean;
  /** True: nothing is recorded; the code runs in a temporary folder. */
  readonly dryRun?: boolean;
  readonly commandLine?: readonly string[];
  /** Absolute. */
  readonly workingFolder: string;
}

/** What happens beside a run. */
export interface RunBeside {
  readonly control: Pick<RunControl, "cancel">;
  /** Takes what a function prints. */
  readonly capture: OutputCapture;
  readonly recorded?: OnRecorded;
}

/** Recorded runs of a project. */
export interface Recording {
  /** @throws RUN_INVALID, CODE_DIRTY before anything is written */
  run(input: RunInput, beside: RunBeside): Promise<RunReport>;
  /** Publishes what has been computed and waits. @throws UNKNOWN_NAME, and the reason of the signal */
  publish(options: PublishPendingOptions): Promise<readonly Published[]>;
  /**
   * Says everything that is wrong with a run whose code cannot be run.
   * @param refusal what is wrong with the code
   * @throws RUN_INVALID with all problems, or the refusal alone
   */
  refuse(input: Omit<RunInput, "target">, refusal: AlmanacError): Promise<never>;
  /** What a run would be; nothing is written. @throws RUN_INVALID */
  preview(
    input: RunInput,
  ): Promise<{ readonly definition: RunDefinition; readonly warnings: readonly string[] }>;
}
