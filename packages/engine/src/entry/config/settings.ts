import { z } from "zod";
import type { OwnSourceType } from "../../core/catalog/own-source-type.ts";

/** The shape of an ignore list: provider → diagnostic → source type → facets of datasets to leave out. */
export const ignoreList = z.record(
  z.string(),
  z.record(
    z.string(),
    z.record(z.string(), z.array(z.record(z.string(), z.union([z.string(), z.array(z.string())])))),
  ),
);

const names = z.array(z.string());

/** A function of a configuration that is a module; JSON and TOML have none. */
const purely = <T>(): z.ZodType<T> =>
  z.custom<T>((value) => typeof value === "function", "expected a function");

const ownSourceType: z.ZodType<OwnSourceType> = z.strictObject({
  name: z.string(),
  paths: z.exactOptional(z.union([z.string(), names])),
  identityFacets: names,
  facets: z.exactOptional(names),
  attributes: z.exactOptional(z.union([names, z.record(z.string(), z.string())])),
  variableAttributes: z.exactOptional(names),
  requiredAttributes: z.exactOptional(names),
  idPrefix: z.exactOptional(z.string()),
  readPath: z.exactOptional(purely<NonNullable<OwnSourceType["readPath"]>>()),
  readHeader: z.exactOptional(purely<NonNullable<OwnSourceType["readHeader"]>>()),
});

/** A timer of Node.js cannot be set for longer. */
const longestTimerSeconds = 2_147_483;

/** The shape of a configuration file: every section and key optional, unknown keys refused. */
export const settingsSchema = z.strictObject({
  paths: z
    .strictObject({
      scratch: z.string().describe("Folder that executions write to"),
      results: z.string().describe("Folder of published results"),
    })
    .partial(),
  catalog: z
    .strictObject({
      url: z
        .string()
        .regex(/^sqlite:/, "expected sqlite:<file>")
        .describe("Where the catalog is: sqlite:<file>"),
    })
    .partial(),
  datasets: z
    .strictObject({
      types: z.array(ownSourceType).describe("Source types of your own, beside those that come with Almanac"),
    })
    .partial(),
  executor: z
    .strictObject({
      name: z.enum(["local", "inline"]).describe("What runs computations"),
      jobs: z.coerce.number().int().min(1).describe("Computations at once (local)"),
    })
    .partial(),
  providers: z
    .strictObject({
      modules: z
        .array(z.string())
        .describe("Providers: builtin:<name>, or modules and data files relative to this one"),
    })
    .partial(),
  solve: z
    .strictObject({
      ignore: z
        .union([z.string(), ignoreList])
        .describe("Ignore list: a YAML or JSON file, or the list itself"),
      vocabulary: z.string().describe("Controlled vocabulary: a YAML or JSON file; empty: the built-in one"),
    })
    .partial(),
  publish: z
    .strictObject({
      keepScratch: z
        .enum(["never", "failed", "always"])
        .describe("Which scratch folders stay after publishing"),
    })
    .partial(),
  runs: z
    .strictObject({
      ignoreChanges: names.describe("Paths whose changes do not make code dirty: patterns as in .gitignore"),
      variables: names.describe("Environment variables recorded with runs, beside the built-in list"),
    })
    .partial(),
  cache: z
    .strictObject({
      folder: z.string().describe("Folder of inputs fetched from elsewhere; several projects may share one"),
      maxBytes: z.coerce
        .number()
        .int()
        .min(0)
        .describe("Bytes kept there: what was used longest ago goes first"),
      retries: z.coerce.number().int().min(0).describe("Requests after the first one that failed"),
      stallSeconds: z.coerce
        .number()
        .positive()
        .max(longestTimerSeconds)
        .describe("A request that brings nothing for so long is given up"),
      totalSeconds: z.coerce
        .number()
        .positive()
        .max(longestTimerSeconds)
        .describe("One file is given up after so long"),
    })
    .partial(),
  log: z
    .strictObject({
      level: z
        .enum(["silent", "error", "warn", "info", "debug"])
        .describe("What the log of the program holds, from this level up"),
      file: z.string().describe("The log of the program; empty: none"),
      maxBytes: z.coerce.number().int().min(1).describe("Size at which the log is set aside and begun anew"),
      keepFiles: z.coerce.number().int().min(0).describe("Logs set aside that are kept"),
    })
    .partial(),
});

/** What a configuration file may hold. */
export type SettingsInput = z.input<ReturnType<typeof settingsSchema.partial>>;

/** Every setting with its value, after precedence has been applied. */
export interface Settings {
  readonly paths: { readonly scratch: string; readonly results: string };
  readonly catalog: { readonly url: string };
  readonly datasets: { readonly types: readonly OwnSourceType[] };
  readonly executor: { readonly name: "local" | "inline"; readonly jobs: number };
  readonly providers: { readonly modules: readonly string[] };
  readonly solve: { readonly ignore: string | z.infer<typeof ignoreList>; readonly vocabulary: string };
  readonly publish: { readonly keepScratch: "never" | "failed" | "always" };
  readonly runs: { readonly ignoreChanges: readonly string[]; readonly variables: readonly string[] };
  readonly cache: {
    readonly folder: string;
    readonly maxBytes: number;
    readonly retries: number;
    readonly stallSeconds: number;
    readonly totalSeconds: number;
  };
  readonly log: {
    readonly level: "silent" | "error" | "warn" | "info" | "debug";
    readonly file: string;
    readonly maxBytes: number;
    readonly keepFiles: number;
  };
}

/** The settings of a project that says nothing. `jobs` 0 stands for the number of CPUs. */
export const defaultSettings: Settings = {
  paths: { scratch: ".almanac/scratch", results: "results" },
  catalog: { url: "sqlite:.almanac/catalog.sqlite" },
  datasets: { types: [] },
  executor: { name: "local", jobs: 0 },
  providers: { modules: ["builtin:climate"] },
  solve: { ignore: {}, vocabulary: "" },
  publish: { keepScratch: "failed" },
  runs: { ignoreChanges: [], variables: [] },
  cache: {
    folder: ".almanac/cache",
    maxBytes: 50_000_000_000,
    retries: 5,
    stallSeconds: 60,
    totalSeconds: 6 * 3600,
  },
  log: { level: "info", file: ".almanac/almanac.log", maxBytes: 5_000_000, keepFiles: 2 },
};
