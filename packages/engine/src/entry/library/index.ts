/** The public API of Almanac as a library. */
export type { Access, Project } from "../project.ts";
export * from "./define.ts";
export { type OpenProjectOptions, open } from "./open.ts";
export {
  type BuildRunner,
  type BuildToRecord,
  type RecordedBuildReport,
  recordBuild,
} from "./record-build.ts";
export {
  type ExecutionConfiguration,
  type ResumeConfiguration,
  type RunModelOptions,
  resumeExecution,
  runModel,
  startExecution,
  withExecution,
} from "./run.ts";
