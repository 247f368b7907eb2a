import { httpsRemote } from "./https-remote.ts";
import type { CodeSource } from "./workflow.ts";
import type { ContainerVariables, WorkflowVariables } from "./workflow-variables.ts";

/** What one source says about the code; a member that it does not know is absent. */
export interface DeclaredCode {
  readonly source: CodeSource;
  readonly url?: string;
  readonly checksum?: string;
  readonly version?: string;
  readonly name?: string;
  readonly commit?: string;
}

/** Address of an image at its digest, else of the repository at its commit. */
function containerUrl({
  imageName,
  imageDigest,
  gitCommit,
  sourceUrl,
}: ContainerVariables): string | undefined {
  if (imageName !== undefined && imageDigest !== undefined) return `${imageName}@${imageDigest}`;
  if (sourceUrl === undefined || gitCommit === undefined) return undefined;
  return `${httpsRemote(sourceUrl) ?? sourceUrl}/commit/${gitCommit}`;
}

function fromContainer(container: ContainerVariables): DeclaredCode {
  const url = containerUrl(container);
  const checksum = container.imageDigest ?? container.gitCommit;
  const name = container.imageName?.split("/").at(-1)?.split(":")[0];
  return {
    source: "container",
    ...(url === undefined ? {} : { url }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(container.version === undefined ? {} : { version: container.version }),
    ...(name === undefined ? {} : { name }),
    ...(container.gitCommit === undefined ? {} : { commit: container.gitCommit }),
  };
}

/**
 * What the environment declares about the code: a container before a wrapper.
 * @returns undefined when it says neither where the code is nor its checksum
 */
export function declaredByVariables(variables: WorkflowVariables): DeclaredCode | undefined {
  const container = variables.container === undefined ? undefined : fromContainer(variables.container);
  if (container?.url !== undefined) return container;
  const { workflowUrl, workflowChecksum } = variables;
  if (workflowUrl === undefined) return undefined;
  return {
    source: "wrapper",
    url: workflowUrl,
    ...(workflowChecksum === undefined ? {} : { checksum: workflowChecksum }),
  };
}

/** What a container's variables lack to tell which code it holds; undefined when they suffice or there is none. */
export function containerLacks({ container }: WorkflowVariables): string | undefined {
  if (container === undefined || containerUrl(container) !== undefined) return undefined;
  return (
    "ALMANAC_IN_CONTAINER is true, but neither ALMANAC_IMAGE_NAME with ALMANAC_IMAGE_DIGEST nor " +
    "ALMANAC_SOURCE_URL with ALMANAC_GIT_COMMIT is set: the code is looked for elsewhere"
  );
}
