/** What this repository reads of an entry of package-lock.json. */
export interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The parts of package-lock.json that matter here. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

const systems = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const processors = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/**
 * Entries that optional dependencies with an exact version lack. npm leaves out those that it cannot find when the lock file
 * is written (for other platforms), and `npm ci` then refuses the lock file everywhere.
 */
export function missingOptional(lock: LockFile): Readonly<Record<string, LockEntry>> {
  const missing: Record<string, LockEntry> = {};
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (!place.startsWith("node_modules/")) continue;
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!/^\d/.test(version)) continue;
      const found = entryFor(name, place, { ...lock.packages, ...missing });
      if (found?.version === version) continue;
      // Another version may have the place at the root already, for another parent.
      const at = found === undefined ? `node_modules/${name}` : `${place}/node_modules/${name}`;
      missing[at] = { version, ...(entry.dev === true ? { dev: true } : {}), ...platformOf(name) };
    }
  }
  return missing;
}

/** The entry that a package at a place finds: its own, or the nearest one further up, as Node.js looks. */
function entryFor(name: string, place: string, packages: LockFile["packages"]): LockEntry | undefined {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const entry = packages[folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`];
    if (entry !== undefined || folder === "") return entry;
  }
}

/** Where a platform package belongs, from its name; without it npm would try to install it everywhere. */
function platformOf(name: string): Pick<LockEntry, "optional" | "os" | "cpu" | "libc"> {
  const words = name.split(/[/-]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.some((word) => word === processor));
  return {
    optional: true,
    ...(os === undefined ? {} : { os: [os] }),
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
  };
}
