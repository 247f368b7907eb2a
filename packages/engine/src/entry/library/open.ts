import path from "node:path";
import type { OpenOptions, Project } from "../project.ts";

/** How to open a project as a library: everything has a default. */
export interface OpenProjectOptions extends Omit<OpenOptions, "cwd" | "access"> {
  /** What may be done with the catalog; default `write`, of a snapshot `read`. */
  readonly access?: OpenOptions["access"];
  /** Folder to look for the configuration from; default: the working directory. */
  readonly folder?: string;
}

/**
 * Opens the project of a folder: catalog, plan, solve and results as typed calls. Use with `await using`, which closes it.
 * No environment variables are read unless `environment` is given.
 * With `snapshot` the catalog is as of its moment; whatever would write to it throws CATALOG_READ_ONLY.
 * @throws CONFIG_INVALID, CATALOG_MISSING and what else opening a catalog throws
 * @example await using project = await open({ folder: "my-project" });
 */
export async function open(options: OpenProjectOptions = {}): Promise<Project> {
  const { folder = ".", access = options.snapshot === undefined ? "write" : "read", ...others } = options;
  const { openProject } = await import("../compose.ts");
  return openProject({ ...others, access, cwd: path.resolve(folder) });
}
