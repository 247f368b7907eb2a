/**
 * What a catalog and a bag answer alike. The contexts of runs have it too, so that its types are in the core; its
 * contract suite is here.
 */
export type {
  DatasetFolder,
  DatasetReader,
  MemberReading,
  ReadAsset,
  ReadDataset,
  ReadOnlyDatasets,
  RecordReading,
  RefusedWriting,
  ReleasedSpec,
  ValueReading,
} from "../core/records/dataset-reading.ts";
export { writingVerbs } from "../core/records/dataset-reading.ts";
