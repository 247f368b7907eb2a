import path from "node:path";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { InstalledPackage } from "../../core/records/environment-snapshot.ts";
import type { EnvironmentVariables } from "../../core/records/workflow-variables.ts";
import { foldersUpward } from "./folders-upward.ts";
import { namesIn, textIfPresent } from "./read-if-present.ts";

/** What is read of a `package.json`, or of an entry of npm's list of what it has installed. */
interface Described {
  readonly version?: unknown;
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly packages?: Readonly<Record<string, Described>>;
}

/** An object of a JSON text; undefined for anything else: somebody else's file that is damaged tells nothing. */
function objectIn(text: string | undefined): Described | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Packages in the list that npm keeps of what it has installed. */
function listed({ packages = {} }: Described): readonly InstalledPackage[] {
  return Object.entries(packages).flatMap(([place, { version }]) => {
    const name = place.split("node_modules/").at(-1) ?? "";
    return typeof version === "string" && place.includes("node_modules/")
      ? [{ ecosystem: "npm" as const, name, version }]
      : [];
  });
}

/** Packages that `package.json` asks for, as they are installed. */
async function direct(folder: string): Promise<readonly InstalledPackage[]> {
  const asked = objectIn(await textIfPresent(path.join(folder, "package.json")));
  const found = await Promise.all(
    Object.keys(asked?.dependencies ?? {}).map(async (name): Promise<readonly InstalledPackage[]> => {
      const text = await textIfPresent(path.join(folder, "node_modules", name, "package.json"));
      const version = objectIn(text)?.version;
      return typeof version === "string" ? [{ ecosystem: "npm", name, version }] : [];
    }),
  );
  return found.flat();
}

/**
 * Packages of the nearest tree of npm that has a list, and those that packages inside of it ask for and have installed
 * by themselves: a workspace keeps most of them in its root.
 */
async function npmPackages(folders: readonly string[]): Promise<readonly InstalledPackage[]> {
  const found: InstalledPackage[] = [];
  for (const folder of folders) {
    const list = objectIn(await textIfPresent(path.join(folder, "node_modules", ".package-lock.json")));
    if (list !== undefined) return [...found, ...listed(list)];
    found.push(...(await direct(folder)));
  }
  return found;
}

/** Folders of installed packages in a Python environment. */
async function siteFolders(environment: string): Promise<readonly string[]> {
  const libraries = await namesIn(path.join(environment, "lib"));
  return libraries
    .filter((name) => /^python\d/.test(name))
    .map((name) => path.join(environment, "lib", name, "site-packages"));
}

/** Name and version, as the folder of a package's description is called. @source PyPA, "Recording installed projects" */
async function pythonPackages(environment: string): Promise<readonly InstalledPackage[]> {
  const names = await Promise.all((await siteFolders(environment)).map(namesIn));
  return names.flat().flatMap((each) => {
    const [, name, version] = /^(.+?)-([^-]+)\.dist-info$/.exec(each) ?? [];
    return name === undefined || version === undefined
      ? []
      : [{ ecosystem: "python" as const, name, version }];
  });
}

/** Name, version and build, as the files of conda are called. */
async function condaPackages(environment: string): Promise<readonly InstalledPackage[]> {
  return (await namesIn(path.join(environment, "conda-meta"))).flatMap((each) => {
    const [, name, version] = /^(.+)-([^-]+)-[^-]+\.json$/.exec(each) ?? [];
    return name === undefined || version === undefined
      ? []
      : [{ ecosystem: "conda" as const, name, version }];
  });
}

/** Environments that are active, and the one beside the code. */
function environmentsOf(folders: readonly string[], variables: EnvironmentVariables): readonly string[] {
  const active = [variables["VIRTUAL_ENV"], variables["CONDA_PREFIX"]].filter(
    (each) => each !== undefined && each !== "",
  );
  return [...new Set([...active, ...folders.map((folder) => path.join(folder, ".venv"))])].filter(
    (each) => each !== undefined,
  );
}

/** Packages installed for code in a folder, by ecosystem, name and version, each once. */
export async function installedPackages(
  folder: string,
  environment: EnvironmentVariables,
): Promise<readonly InstalledPackage[]> {
  const folders = foldersUpward(folder);
  const environments = environmentsOf(folders, environment);
  const found = await Promise.all([
    npmPackages(folders),
    ...environments.flatMap((each) => [pythonPackages(each), condaPackages(each)]),
  ]);
  const key = ({ ecosystem, name, version }: InstalledPackage): string => `${ecosystem} ${name} ${version}`;
  const unique = new Map(found.flat().map((each) => [key(each), each]));
  return [...unique.entries()].toSorted(([a], [b]) => compareCodeUnits(a, b)).map(([, each]) => each);
}
