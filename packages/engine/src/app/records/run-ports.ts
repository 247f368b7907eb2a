import type { Owner } from "../../core/execution/record.ts";
import type { Vocabulary } from "../../core/results/vocabulary.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { DatasetAuthoring } from "../../ports/dataset-authoring.ts";
import type { DatasetCatalog } from "../../ports/dataset-catalog.ts";
import type { EventSink } from "../../ports/events.ts";
import type { FragmentStore } from "../../ports/fragment-store.ts";
import type { InputFiles } from "../../ports/input-files.ts";
import type { RemoteInputs } from "../../ports/remote-inputs.ts";
import type { RunCatalog } from "../../ports/run-catalog.ts";
import type { SettlePorts } from "../settle.ts";
import type { WorkerPorts } from "../worker-ports.ts";
import type { DeclarationPorts } from "./allowed-records.ts";
import type { ExportPorts } from "./export-bag.ts";

/** What checking the inputs of a run needs of the outside; it writes nothing. */
export interface ResolvePorts {
  readonly assets: Pick<AssetCatalog, "asset" | "kinds">;
  readonly datasets: Pick<DatasetCatalog, "list">;
  readonly authored: Pick<DatasetAuthoring, "dataset" | "list" | "versions" | "members" | "files">;
  readonly files: InputFiles;
  /** Features and record types that the run may add to. */
  readonly declarations: DeclarationPorts;
  /** Absolute; paths of inputs are recorded relative to it. */
  readonly projectFolder: string;
}

/** What recording and running needs of the outside. */
export interface RunPorts extends ResolvePorts, SettlePorts {
  readonly runs: Pick<RunCatalog, "record" | "addInput" | "addInputDataset">;
  readonly results: FragmentStore;
  readonly remote: RemoteInputs;
  /** Authored datasets that are inputs come as bags. */
  readonly bagging: ExportPorts;
  readonly worker: Pick<WorkerPorts, "folders" | "trees" | "clock" | "graceMs">;
  /** Writes one durable file of a scratch folder, making the folder. @returns the folder */
  readonly prepare: (
    fragment: string,
    file: { readonly name: string; readonly text: string },
  ) => Promise<string>;
  readonly owner: Owner;
  readonly vocabulary: Vocabulary;
  readonly emit: EventSink;
}
