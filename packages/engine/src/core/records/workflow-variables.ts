import { AlmanacError } from "../errors.ts";

/** Variables of an environment; entry hands them over as data. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** What the variables of a container image say about the code inside. */
export interface ContainerVariables {
  readonly imageName?: string;
  readonly imageDigest?: string;
  readonly gitCommit?: string;
  readonly sourceUrl?: string;
  readonly version?: string;
}

/** What the environment says about the code. */
export interface WorkflowVariables {
  /** Only with `ALMANAC_IN_CONTAINER=true`. */
  readonly container?: ContainerVariables;
  /** `ALMANAC_WORKFLOW_URL`, set by a wrapper. */
  readonly workflowUrl?: string;
  /** `ALMANAC_WORKFLOW_CHECKSUM`. */
  readonly workflowChecksum?: string;
  /** `ALMANAC_NOTEBOOK_PATH`: the notebook that a wrapper executes. */
  readonly notebookPath?: string;
  /** `ALMANAC_ALLOW_DIRTY`. */
  readonly allowDirty: boolean;
}

/** Every variable read here, with what it is; the first list of the environment's allow-list. */
export const workflowVariableNames = [
  "ALMANAC_ALLOW_DIRTY",
  "ALMANAC_GIT_COMMIT",
  "ALMANAC_IMAGE_DIGEST",
  "ALMANAC_IMAGE_NAME",
  "ALMANAC_IN_CONTAINER",
  "ALMANAC_NOTEBOOK_PATH",
  "ALMANAC_SOURCE_URL",
  "ALMANAC_VERSION",
  "ALMANAC_WORKFLOW_CHECKSUM",
  "ALMANAC_WORKFLOW_URL",
] as const;

type VariableName = (typeof workflowVariableNames)[number];

const booleans: Readonly<Record<string, boolean>> = {
  "": false,
  true: true,
  yes: true,
  on: true,
  "1": true,
  false: false,
  no: false,
  off: false,
  "0": false,
};

/** A boolean in any case. @throws CONFIG_INVALID when it is none */
function booleanOf(environment: EnvironmentVariables, name: VariableName): boolean {
  const text = (environment[name] ?? "").trim();
  const value = new Map(Object.entries(booleans)).get(text.toLowerCase());
  if (value !== undefined) return value;
  throw new AlmanacError("CONFIG_INVALID", `the variable ${name} is "${text}", expected true or false`, {
    hint: `unset ${name}, or set it to true or false`,
    facts: { name, value: text },
  });
}

/** Members for the variables that are set to something. */
function present<K extends string>(
  environment: EnvironmentVariables,
  names: Readonly<Record<K, VariableName>>,
): { readonly [key in K]?: string } {
  const found = Object.entries<VariableName>(names).flatMap(([key, name]) => {
    const value = (environment[name] ?? "").trim();
    return value === "" ? [] : [[key, value] as const];
  });
  return Object.fromEntries(found) as { readonly [key in K]?: string };
}

/**
 * Reads what the environment says about the code. An empty variable is as one that is not set.
 * @throws CONFIG_INVALID when a boolean is none
 */
export function readWorkflowVariables(environment: EnvironmentVariables): WorkflowVariables {
  const container = booleanOf(environment, "ALMANAC_IN_CONTAINER")
    ? present(environment, {
        imageName: "ALMANAC_IMAGE_NAME",
        imageDigest: "ALMANAC_IMAGE_DIGEST",
        gitCommit: "ALMANAC_GIT_COMMIT",
        sourceUrl: "ALMANAC_SOURCE_URL",
        version: "ALMANAC_VERSION",
      })
    : undefined;
  return {
    ...(container === undefined ? {} : { container }),
    ...present(environment, {
      workflowUrl: "ALMANAC_WORKFLOW_URL",
      workflowChecksum: "ALMANAC_WORKFLOW_CHECKSUM",
      notebookPath: "ALMANAC_NOTEBOOK_PATH",
    }),
    allowDirty: booleanOf(environment, "ALMANAC_ALLOW_DIRTY"),
  };
}
