import path from "node:path";
import type { EnvironmentVariables } from "../../core/records/workflow-variables.ts";
import { textIfPresent } from "./read-if-present.ts";

/** Variables that a container's runtime sets, and what it is. */
const byVariable: readonly (readonly [name: string, kind: string])[] = [
  ["KUBERNETES_SERVICE_HOST", "kubernetes"],
  ["APPTAINER_NAME", "apptainer"],
  ["SINGULARITY_NAME", "singularity"],
];

const byFile: readonly (readonly [file: string, kind: string])[] = [
  ["run/.containerenv", "podman"],
  [".dockerenv", "docker"],
];

const byGroup: readonly (readonly [group: RegExp, kind: string])[] = [
  [/kubepods/, "kubernetes"],
  [/libpod/, "podman"],
  [/docker/, "docker"],
  [/lxc/, "lxc"],
];

/**
 * The kind of container this process is in; undefined when none shows.
 * @param root `/`, or a copy of it
 */
export async function containerKind(
  root: string,
  environment: EnvironmentVariables,
): Promise<string | undefined> {
  const set = byVariable.find(([name]) => (environment[name] ?? "") !== "")?.[1];
  if (set !== undefined) return set;
  for (const [file, kind] of byFile)
    if ((await textIfPresent(path.join(root, file))) !== undefined) return kind;
  const groups = (await textIfPresent(path.join(root, "proc/1/cgroup"))) ?? "";
  return byGroup.find(([group]) => group.test(groups))?.[1];
}
