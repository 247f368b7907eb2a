import { z } from "zod";
import type { CallForm } from "./call-problems.ts";
import {
  flagShape,
  functionShape,
  jsonMapShape,
  membersShape,
  nameShape,
  textShape,
  textsShape,
} from "./call-shapes.ts";

const code = z
  .union([nameShape, z.instanceof(URL)], { error: "a file or a file URL, such as import.meta.url" })
  .optional();
const signal = z.instanceof(AbortSignal, { error: "an AbortSignal" }).optional();
const project = z.looseObject({ recording: functionShape }, { error: "an open project: await open()" });

/** Of what is checked elsewhere: what is there and what is not is told with all else that the run names. */
const named = z.array(z.unknown(), { error: "a list" }).optional();
const unchecked = z.unknown().optional();

const configuration = {
  ...{ project, code, signal },
  config: jsonMapShape.optional(),
  description: textShape.optional(),
  inputs: textsShape.optional(),
  ...{ assets: named, datasets: named, writes: textsShape.optional() },
  ...{ allowDraft: flagShape.optional(), allowDirty: flagShape.optional(), dryRun: flagShape.optional() },
  ...{ origin: unchecked, workflow: unchecked, parent: unchecked, earlier: unchecked, limits: unchecked },
};

const asked = membersShape("an object with project", configuration);

/** What the functions of the library that record runs take. */
export const libraryCalls = {
  withExecution: { code: "USAGE", takes: { configuration: asked, body: functionShape } },
  runModel: {
    code: "USAGE",
    takes: {
      options: membersShape("an object with project and model", { ...configuration, model: functionShape }),
    },
  },
  startExecution: { code: "USAGE", takes: { configuration: asked } },
  resumeExecution: {
    code: "USAGE",
    takes: {
      configuration: membersShape("an object with project and rid", {
        ...{ project, code, signal },
        rid: nameShape,
        allowDirty: flagShape.optional(),
      }),
    },
  },
} as const satisfies Readonly<Record<string, CallForm>>;
