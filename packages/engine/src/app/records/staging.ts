import { isAbsolute, relative, sep } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import type { ExecutionContext, RegisterOptions } from "../../core/execution/context.ts";
import type { ExecutionDefinition } from "../../core/execution/definition.ts";
import type { RegistrationMode } from "../../core/execution/manifest.ts";
import { insidePath } from "../../core/execution/relative-path.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import type { RecordType } from "../../core/records/record-type.ts";
import { type FeatureStage, stageFeatures } from "../../core/records/stage-features.ts";
import { recordTableFile, stagedFeaturesFile, stagedFileOptions } from "../../core/records/staged-files.ts";
import type { ExecutionFolder } from "../../ports/execution-folder.ts";
import { type DatasetStaging, datasetStaging } from "./dataset-staging.ts";

/** What stages rows for other records: in the catalog only when the execution is published. */
export type Staging = Pick<ExecutionContext, "addFeatures" | "recordTable"> & DatasetStaging;

/** What staging works with. */
export interface StagingParts {
  readonly definition: ExecutionDefinition;
  readonly folder: ExecutionFolder;
  /** Announces a file to the manifest. @returns its path there */
  readonly register: (
    options: RegisterOptions & { readonly path: string; readonly mode: RegistrationMode },
  ) => string;
  /** True if the manifest has this path. */
  readonly isRegistered: (path: string) => boolean;
}

/** The members of a context that stage feature records, rows of record types and datasets in the execution's folder. */
export function staging(parts: StagingParts): Staging {
  const { definition, folder } = parts;
  let stage: FeatureStage | undefined;
  const tables = new Map<string, string>();
  return {
    ...datasetStaging({
      ...parts,
      announce: (path) => announce(path, parts),
      registered: (given) => registeredPath(given, parts),
    }),
    addFeatures: (records) => {
      stage ??= stageFeatures({
        execution: definition.rid,
        allowed: definition.allowed,
        registered: (given) => registeredPath(given, parts),
      });
      const fresh = stage.add(records);
      if (fresh.length === 0) return 0;
      if (!parts.isRegistered(stagedFeaturesFile)) announce(stagedFeaturesFile, parts);
      folder.append(stagedFeaturesFile, fresh.map((record) => `${JSON.stringify(record)}\n`).join(""));
      return fresh.length;
    },
    recordTable: (type) => {
      const known = tables.get(type);
      if (known !== undefined) return known;
      const { columns } = requireAllowedType(type, parts);
      const path = recordTableFile(type);
      const place = announce(path, parts);
      folder.append(path, `${columns.map(({ name }) => name).join(",")}\n`);
      tables.set(type, place);
      return place;
    },
  };
}

function announce(path: string, { folder, register }: StagingParts): string {
  return folder.prepare(register({ ...stagedFileOptions(path), path, mode: "write" }));
}

/** A path as the manifest has it; absolute ones may be of the execution's folder. */
function registeredPath(given: string, { folder, isRegistered }: StagingParts): string | undefined {
  const path = insidePath(isAbsolute(given) ? relative(folder.path, given).split(sep).join("/") : given);
  return path !== undefined && isRegistered(path) ? path : undefined;
}

function requireAllowedType(name: string, { definition }: StagingParts): RecordType {
  const types = definition.allowed?.recordTypes ?? [];
  const type = types.find((each) => each.name === name);
  if (type !== undefined) return type;
  const [near] = nearestNames(
    name,
    types.map((each) => each.name),
  );
  const meant = near === undefined ? "" : `; did you mean "${near}"?`;
  throw new AlmanacError("FEATURE_INVALID", `this execution may add to no record type "${name}"${meant}`, {
    hint: "almanac records types",
    facts: { type: name },
  });
}
