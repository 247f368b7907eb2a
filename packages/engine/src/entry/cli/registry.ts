import type { CommandModule } from "./command.ts";

/** A command as the help lists it; its module is loaded only when it is called. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** Every command, in the order of a first day's work. */
export const commandRegistry = {
  init: {
    summary: "write a configuration file and an empty catalog",
    load: () => import("./commands/init.ts"),
  },
  doctor: {
    summary: "check configuration, catalog, data and environment",
    load: () => import("./commands/doctor.ts"),
  },
  ingest: { summary: "make dataset records from files", load: () => import("./commands/ingest.ts") },
  import: {
    summary: "take over datasets from a catalog in a file",
    load: () => import("./commands/import.ts"),
  },
  export: { summary: "write datasets to a catalog in a file", load: () => import("./commands/export.ts") },
  plan: { summary: "show what would run, what would not, and why", load: () => import("./commands/plan.ts") },
  solve: {
    summary: "run what is new or stale and publish the results",
    load: () => import("./commands/solve.ts"),
  },
  apply: {
    summary: "run a saved plan, if the catalog has not moved",
    load: () => import("./commands/apply.ts"),
  },
  explain: {
    summary: "say why something ran, will run, or cannot",
    load: () => import("./commands/explain.ts"),
  },
  status: { summary: "show what is running, queued and failed", load: () => import("./commands/status.ts") },
  logs: { summary: "print or follow an execution's log", load: () => import("./commands/logs.ts") },
  datasets: {
    summary: "list and show datasets, put some together and release versions",
    load: () => import("./commands/datasets.ts"),
  },
  diagnostics: { summary: "list and show diagnostics", load: () => import("./commands/diagnostics.ts") },
  providers: { summary: "list providers", load: () => import("./commands/providers.ts") },
  groups: { summary: "list and show execution groups", load: () => import("./commands/groups.ts") },
  executions: {
    summary: "list, show, retry, cancel, publish executions",
    load: () => import("./commands/executions.ts"),
  },
  run: {
    summary: "run a function or a command line as a recorded execution",
    load: () => import("./commands/run.ts"),
  },
  workflows: {
    summary: "list and show workflows, describe and type them",
    load: () => import("./commands/workflows.ts"),
  },
  publish: {
    summary: "publish what recorded runs have computed and could not publish",
    load: () => import("./commands/publish.ts"),
  },
  assets: {
    summary: "list and show assets, declare asset kinds",
    load: () => import("./commands/assets.ts"),
  },
  features: {
    summary: "declare features, list their values",
    load: () => import("./commands/features.ts"),
  },
  records: {
    summary: "declare record types, list their records",
    load: () => import("./commands/records.ts"),
  },
  vocab: {
    summary: "list vocabularies, add, change and delete terms",
    load: () => import("./commands/vocab.ts"),
  },
  values: { summary: "list scalars and series", load: () => import("./commands/values.ts") },
  build: {
    summary: "make products of a pipeline: load what is fresh, run what is not",
    load: () => import("./commands/build.ts"),
  },
  products: {
    summary: "list, draw, pin and collect a pipeline's products",
    load: () => import("./commands/products.ts"),
  },
  lineage: {
    summary: "show what something was made from, or what was made from it",
    load: () => import("./commands/lineage.ts"),
  },
  impact: { summary: "show what depends on something", load: () => import("./commands/impact.ts") },
  cache: {
    summary: "list, check and remove inputs fetched from elsewhere",
    load: () => import("./commands/cache.ts"),
  },
  config: { summary: "show settings and where they come from", load: () => import("./commands/config.ts") },
  db: { summary: "status, migration and backup of the catalog", load: () => import("./commands/db.ts") },
  snapshots: {
    summary: "keep the catalog of a moment, list and delete what is kept",
    load: () => import("./commands/snapshots.ts"),
  },
  completion: {
    summary: "print a completion script for a shell",
    load: () => import("./commands/completion.ts"),
  },
  version: {
    summary: "print the versions of Almanac and Node.js",
    load: () => import("./commands/version.ts"),
  },
} as const satisfies Record<string, CommandEntry>;

/** Name of a command. */
export type CommandName = keyof typeof commandRegistry;
