import { z } from "zod";
import type { CallForm } from "./call-problems.ts";
import {
  flagShape,
  functionShape,
  iterableShape,
  jsonMapShape,
  jsonShape,
  membersShape,
  nameShape,
  textShape,
  textsShape,
} from "./call-shapes.ts";

const textMap = z.record(z.string(), textShape, { error: "an object of texts" });

const told = {
  types: textsShape.optional(),
  metadata: jsonMapShape.optional(),
  description: textShape.optional(),
};

const registration = {
  ...told,
  name: nameShape.optional(),
  kind: nameShape.optional(),
  keepOnFailure: flagShape.optional(),
  replace: z.literal("new-version", { error: '"new-version"' }).optional(),
};

const mode = z.enum(["link", "copy"], { error: '"link" or "copy"' });
const { name: _, ...ofFolder } = registration;

const output = membersShape("an object with longName", {
  longName: textShape,
  description: textShape.optional(),
  dimensions: textMap.optional(),
});

/** Whether a number is finite is told with the dimensions of its value. */
const value = z.custom<number | null>((given) => given === null || typeof given === "number", {
  error: "a finite number, or null for a missing one",
});
const kind = z.enum(["model", "reference"], { error: '"model" or "reference"' }).optional();
const valued = { dimensions: textMap, kind, attributes: jsonMapShape.optional() };

const scalar = membersShape("an object with dimensions and value", {
  ...valued,
  value,
  units: textShape.optional(),
});

const series = membersShape("an object with dimensions, values, index and indexName", {
  ...valued,
  values: z.array(value, { error: "a list of numbers (of a typed array: Array.from)" }),
  index: z.array(z.union([textShape, value], { error: "a number or an ISO date" }), {
    error: "a list of numbers or ISO dates",
  }),
  indexName: nameShape,
  indexUnits: textShape.optional(),
  calendar: textShape.optional(),
  valueUnits: textShape.optional(),
  valueLongName: textShape.optional(),
  referenceId: textShape.optional(),
});

const filesDataset = {
  name: nameShape.optional(),
  description: textShape.optional(),
  types: textsShape.optional(),
  draft: flagShape.optional(),
};

const dataset = membersShape("an object with members", {
  ...filesDataset,
  members: iterableShape("members"),
  version: textShape.optional(),
  notes: textShape.optional(),
  facets: textMap.optional(),
  derivation: jsonShape.optional(),
});

const assetSpec = z.union(
  [nameShape, z.looseObject({ rid: nameShape })],
  "the RID of an asset, or {rid, role, cache}",
);
const inputSpec = z.union(
  [nameShape, z.looseObject({ rid: nameShape })],
  "a dataset as RID@version, or {rid, version, materialize}",
);

const nested = membersShape("an object with run", {
  run: functionShape,
  sequence: z.int({ error: "a whole number" }).optional(),
  description: textShape.optional(),
  config: jsonMapShape.optional(),
  inputs: textsShape.optional(),
  assets: z.array(assetSpec, { error: "a list of assets" }).optional(),
  datasets: z.array(inputSpec, { error: "a list of datasets" }).optional(),
});

const outputs: CallForm = { code: "ARTIFACT_INVALID", takes: { path: nameShape, options: output } };

/** What every computation may call, and with what. */
export const computationCalls = {
  inputsOf: { code: "USAGE", takes: { requirement: nameShape } },
  outputPath: {
    code: "ARTIFACT_INVALID",
    takes: { path: nameShape, options: membersShape("an object of options", registration).optional() },
  },
  registerFile: {
    code: "ARTIFACT_INVALID",
    takes: {
      file: nameShape,
      path: nameShape,
      options: membersShape("an object with mode", { ...registration, mode }),
    },
  },
  plot: outputs,
  data: outputs,
  html: outputs,
  scalar: { code: "BUNDLE_INVALID", takes: { scalar } },
  series: { code: "BUNDLE_INVALID", takes: { series } },
  addFeatures: { code: "FEATURE_INVALID", takes: { records: iterableShape("feature records") } },
  recordTable: { code: "FEATURE_INVALID", takes: { type: nameShape } },
  createDataset: { code: "DATASET_REFUSED", takes: { dataset } },
  addFiles: {
    code: "DATASET_REFUSED",
    takes: {
      files: iterableShape("files from elsewhere"),
      about: membersShape("an object about the dataset", filesDataset).optional(),
    },
  },
  useAsset: { code: "USAGE", takes: { spec: assetSpec }, answersLater: true },
  useDataset: { code: "USAGE", takes: { spec: inputSpec }, answersLater: true },
} as const satisfies Readonly<Record<string, CallForm>>;

/** What the code of a recorded run may call beside, or with rules of its own. */
export const runCalls = {
  outputPath: computationCalls.outputPath,
  registerFile: computationCalls.registerFile,
  useAsset: computationCalls.useAsset,
  useDataset: computationCalls.useDataset,
  asset: { code: "USAGE", takes: { name: nameShape } },
  changeFile: {
    code: "ARTIFACT_INVALID",
    takes: { path: nameShape, changes: membersShape("an object of what is to change", told) },
  },
  registerFolder: {
    code: "ARTIFACT_INVALID",
    takes: {
      folder: nameShape,
      path: nameShape,
      options: membersShape("an object with mode", { ...ofFolder, mode }),
    },
  },
  nested: { code: "USAGE", takes: { part: nested }, answersLater: true },
} as const satisfies Readonly<Record<string, CallForm>>;

/** What may be called on what is left of a run that is resumed. */
export const resumedCalls = {
  takeOver: {
    code: "USAGE",
    takes: {
      choice: membersShape("an object with files or staged", {
        files: textsShape.optional(),
        staged: flagShape.optional(),
      }).optional(),
    },
  },
} as const satisfies Readonly<Record<string, CallForm>>;
