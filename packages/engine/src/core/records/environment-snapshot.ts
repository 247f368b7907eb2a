import { compareCodeUnits } from "../identity/compare.ts";
import { allowedVariables } from "./allowed-variables.ts";
import { createRedactor } from "./redact.ts";
import { isSecretVariable } from "./secret-shapes.ts";
import type { EnvironmentVariables } from "./workflow-variables.ts";

/** A graphics processor that the machine shows. */
export interface Gpu {
  readonly name: string;
  readonly driver?: string;
}

/** The machine and the runtime. */
export interface MachineFacts {
  readonly runtime: { readonly name: string; readonly version: string };
  readonly os: {
    readonly platform: string;
    readonly release: string;
    readonly version: string;
    readonly architecture: string;
    /** Name of the distribution, such as `Debian GNU/Linux 12`. */
    readonly distribution?: string;
  };
  readonly cpu: { readonly model: string; readonly logicalCores: number };
  readonly memoryBytes: number;
  /** Memory that the container or job may use, when that is less. */
  readonly memoryLimitBytes?: number;
  /** BCP 47, such as `en-GB`. */
  readonly locale: string;
  /** IANA name, such as `Europe/Paris`. */
  readonly timeZone: string;
  /** `docker`, `podman`, `kubernetes`, `apptainer`, … */
  readonly container?: string;
  readonly gpus: readonly Gpu[];
}

/** A package that is installed beside the code. */
export interface InstalledPackage {
  readonly ecosystem: "npm" | "python" | "conda";
  readonly name: string;
  readonly version: string;
}

/** A lock file beside the code. */
export interface LockFileEntry {
  /** From the topmost folder looked in. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Of the file as it is, also where the stored copy lacks credentials or bytes. */
  readonly sha256: string;
}

/** What a run ran in, as it is stored. */
export interface EnvironmentSnapshot extends MachineFacts {
  readonly formatVersion: 1;
  /** Version of this program. */
  readonly almanac: string;
  readonly packages: readonly InstalledPackage[];
  readonly lockFiles: readonly LockFileEntry[];
  /** Variables of the allow-list that are set. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of the allow-list that are set and whose value was withheld: it, or the name, looked like a secret. */
  readonly withheld: readonly string[];
}

/** What a snapshot is made of. */
export interface EnvironmentEvidence {
  readonly almanac: string;
  readonly machine: MachineFacts;
  readonly packages: readonly InstalledPackage[];
  readonly lockFiles: readonly LockFileEntry[];
  /** All of the environment; only what is allowed is taken. */
  readonly environment: EnvironmentVariables;
  /** Names that the user allows beside the built-in ones; one that looks like a secret stays withheld. */
  readonly allow: readonly string[];
}

/** Longer values are cut here, in characters. */
const longestValue = 2000;

/** Variables as they are recorded. */
function record({ environment, allow }: Pick<EnvironmentEvidence, "environment" | "allow">) {
  const { value: redact } = createRedactor(environment);
  const names = [...new Set([...allowedVariables, ...allow])].toSorted(compareCodeUnits);
  const variables: (readonly [string, string])[] = [];
  const withheld: string[] = [];
  for (const name of names) {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined) continue;
    if (isSecretVariable(name) || redact(value) !== value) withheld.push(name);
    else variables.push([name, value.slice(0, longestValue)]);
  }
  return { variables: Object.fromEntries(variables), withheld };
}

/**
 * The environment of a run, to be stored with it. Of the variables only those of the allow-list are taken, by their whole
 * name; names that look like secrets never; values in the shape of a known kind of key, or that hold the value of a
 * secret variable, are withheld. Everything else passes the same redaction.
 */
export function environmentSnapshot(evidence: EnvironmentEvidence): EnvironmentSnapshot {
  const { almanac, machine, packages, lockFiles, environment } = evidence;
  const facts = { formatVersion: 1 as const, almanac, ...machine, packages, lockFiles };
  const redacted = createRedactor(environment).value(facts) as typeof facts;
  return { ...redacted, ...record(evidence) };
}
