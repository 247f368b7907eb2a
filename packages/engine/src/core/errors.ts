/** How one kind of error behaves: the exit code of the command that meets it and whether trying again can help. */
export interface ErrorKind {
  /** Process exit code, see the table in docs/commands.md. */
  readonly exit: number;
  /** True if the same operation may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** One line for the generated error table: what it means. */
  readonly meaning: string;
}

/** Every error code Almanac can report. The error table of the documentation is generated from it. */
export const errorKinds = {
  USAGE: { exit: 2, retryable: false, meaning: "The command line is wrong." },
  UNKNOWN_NAME: {
    exit: 2,
    retryable: false,
    meaning: "A name given does not exist; the nearest ones are listed.",
  },
  CONFIG_INVALID: { exit: 3, retryable: false, meaning: "The configuration does not parse or validate." },
  PROVIDER_INVALID: {
    exit: 3,
    retryable: false,
    meaning: "A provider module cannot be loaded or its declarations are wrong.",
  },
  ENVIRONMENT_INVALID: {
    exit: 3,
    retryable: false,
    meaning: "Something outside Almanac is missing or unsuitable.",
  },
  ROOT_MISSING: { exit: 3, retryable: false, meaning: "A folder to be ingested does not exist." },
  NOTHING_INGESTED: { exit: 4, retryable: false, meaning: "No file of the ingestion could be used." },
  FILE_UNREADABLE: { exit: 4, retryable: true, meaning: "A file exists but cannot be opened." },
  FILE_INVALID: {
    exit: 4,
    retryable: false,
    meaning: "A file is truncated, foreign or lacks what its source type requires.",
  },
  CATALOG_FILE_INVALID: {
    exit: 4,
    retryable: false,
    meaning: "A catalog in a file cannot be imported: damaged, of another form, or without columns it needs.",
  },
  FILE_MISSING: { exit: 4, retryable: false, meaning: "A file recorded in the catalog is not on disk." },
  DATASET_INVALID: { exit: 4, retryable: false, meaning: "The files of one dataset disagree on a facet." },
  CALENDAR_INVALID: {
    exit: 4,
    retryable: false,
    meaning: "A calendar, time unit or date is not understood.",
  },
  UNITS_INVALID: { exit: 4, retryable: false, meaning: "A unit is unknown or cannot be converted as asked." },
  DIAGNOSTIC_FAILED: {
    exit: 4,
    retryable: false,
    meaning: "A diagnostic failed; the same inputs and code will fail again.",
  },
  EXECUTION_LOST: {
    exit: 4,
    retryable: true,
    meaning: "An execution ended without an outcome (killed, out of memory, lost worker).",
  },
  COMPUTATION_ABORTED: {
    exit: 4,
    retryable: true,
    meaning: "A computation gave up by itself and asked to be tried again.",
  },
  TIMEOUT: { exit: 4, retryable: true, meaning: "A computation passed its time limit." },
  MEMORY_LIMIT: { exit: 4, retryable: true, meaning: "A computation passed its memory limit." },
  BUNDLE_INVALID: { exit: 4, retryable: false, meaning: "A result bundle does not parse or validate." },
  VOCABULARY_REFUSED: {
    exit: 4,
    retryable: false,
    meaning: "A dimension or value is not in the controlled vocabulary.",
  },
  FEATURE_INVALID: {
    exit: 4,
    retryable: false,
    meaning: "A feature record or a row of a record table does not fit what is declared.",
  },
  DOCUMENT_INVALID: {
    exit: 4,
    retryable: false,
    meaning:
      "A document of Almanac's own (execution.json, outcome.json) does not parse or is of a newer form.",
  },
  MANIFEST_INVALID: { exit: 4, retryable: false, meaning: "A manifest is damaged before its last line." },
  ARTIFACT_INVALID: {
    exit: 4,
    retryable: false,
    meaning: "An artifact is registered twice, leaves its folder or differs from its digest.",
  },
  PIPELINE_INVALID: { exit: 3, retryable: false, meaning: "A pipeline's declaration is wrong." },
  CODE_DIRTY: {
    exit: 3,
    retryable: false,
    meaning: "The code of a run differs from its commit and that was not allowed.",
  },
  CODE_UNFOLLOWED: {
    exit: 3,
    retryable: false,
    meaning: "A step's code depends on something that cannot be followed.",
  },
  VALUE_UNHASHABLE: {
    exit: 4,
    retryable: false,
    meaning: "A value has no canonical form to take a digest of.",
  },
  STEP_FAILED: { exit: 4, retryable: false, meaning: "A step of a pipeline failed." },
  STEP_RESULT_INVALID: {
    exit: 4,
    retryable: false,
    meaning: "A step returned something else than the products it declares.",
  },
  INPUT_CHANGED: { exit: 4, retryable: true, meaning: "A declared input changed while the step ran." },
  PRODUCT_MISSING: { exit: 4, retryable: false, meaning: "A product that no step makes has not been saved." },
  PRODUCT_DAMAGED: {
    exit: 4,
    retryable: false,
    meaning: "The stored bytes of a product are missing or differ from their digest.",
  },
  CODEC_FAILED: { exit: 4, retryable: false, meaning: "A product cannot be encoded or decoded." },
  BAG_INVALID: {
    exit: 4,
    retryable: false,
    meaning: "A folder is no bag of a dataset, or what it says is wrong or unsafe; all problems are listed.",
  },
  STORE_UNAVAILABLE: {
    exit: 4,
    retryable: true,
    meaning: "The results store cannot be written or read now.",
  },
  DOWNLOAD_FAILED: {
    exit: 4,
    retryable: true,
    meaning: "A remote file cannot be had now: its server is busy, stalls or cannot be reached.",
  },
  DOWNLOAD_REFUSED: {
    exit: 4,
    retryable: false,
    meaning: "A remote file is not there, may not be read, or its URL cannot be read by Almanac.",
  },
  DISK_FULL: { exit: 4, retryable: true, meaning: "There is no space left on the device." },
  UNSATISFIED: { exit: 5, retryable: false, meaning: "Requirements are unsatisfied and --strict was given." },
  CATALOG_LOCKED: {
    exit: 6,
    retryable: true,
    meaning: "Another process kept the catalog locked for too long.",
  },
  CATALOG_OUTDATED: { exit: 6, retryable: false, meaning: "The catalog must be migrated first." },
  CATALOG_NEWER: {
    exit: 6,
    retryable: false,
    meaning: "The catalog was written by a newer version of Almanac.",
  },
  CATALOG_READ_ONLY: { exit: 6, retryable: false, meaning: "The catalog cannot be written." },
  CATALOG_INVALID: { exit: 6, retryable: false, meaning: "The catalog file is not a catalog or is damaged." },
  CATALOG_MISSING: { exit: 3, retryable: false, meaning: "There is no catalog yet." },
  STALE_PLAN: { exit: 7, retryable: false, meaning: "The catalog has moved since the plan was made." },
  TRANSITION_REFUSED: {
    exit: 7,
    retryable: false,
    meaning: "An execution cannot go from its state to the one asked.",
  },
  IN_USE: {
    exit: 7,
    retryable: false,
    meaning: "A record cannot be deleted: others use it, and they are named.",
  },
  CONFLICT: { exit: 7, retryable: true, meaning: "Another process changed the record first." },
  WAIT_TIMEOUT: {
    exit: 8,
    retryable: true,
    meaning: "The time to wait is over; work that cannot go on by itself runs again at the next solve.",
  },
  DIFFERS: { exit: 9, retryable: false, meaning: "A verification or comparison found a difference." },
  NO_MATCH: { exit: 10, retryable: false, meaning: "Nothing matched and --require-match was given." },
  RUN_INVALID: {
    exit: 2,
    retryable: false,
    meaning: "What a run names is not there or cannot be used; all problems are listed.",
  },
  NESTING_INVALID: {
    exit: 2,
    retryable: false,
    meaning: "An execution or a dataset would become a part of itself.",
  },
  DATASET_REFUSED: {
    exit: 4,
    retryable: false,
    meaning: "A dataset that an execution makes names what is not there or cannot be a member.",
  },
  RELEASE_REFUSED: {
    exit: 2,
    retryable: false,
    meaning: "A draft cannot be released: nothing changed, a child is only a draft, or the version is taken.",
  },
  SPLIT_REFUSED: {
    exit: 2,
    retryable: false,
    meaning: "A dataset cannot be divided as asked; all reasons are listed.",
  },
  INTERRUPTED: { exit: 130, retryable: true, meaning: "Interrupted by the user; the state is consistent." },
} as const satisfies Record<string, ErrorKind>;

/** The stable code of an error. */
export type ErrorCode = keyof typeof errorKinds;

/** What an error carries beside its code and message. */
export interface ErrorDetails {
  /** What to do next, preferably a command to paste. */
  readonly hint?: string;
  /** The evidence: ids, paths, values. Plain JSON. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** The error this one translates. */
  readonly cause?: unknown;
}

/**
 * An expected failure with a stable code. Thrown at ports and use cases; carried in a `Result` inside the core.
 * The message says what happened, where and why; `hint` says what to do.
 */
export class AlmanacError extends Error {
  override readonly name = "AlmanacError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;

  // allow-parameters: code, message and details are what every error has, in the order they are read
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.facts = details.facts ?? {};
  }

  /** True if the same operation may succeed later by itself. */
  get retryable(): boolean {
    return errorKinds[this.code].retryable;
  }
}

/** A bug in Almanac: a state that the code rules out. Exit code 1, never caught below the entry layer. */
export class Defect extends Error {
  override readonly name = "Defect";
}

/** True if the value is an `AlmanacError`, optionally with one of the given codes. */
export function isAlmanacError(value: unknown, ...codes: readonly ErrorCode[]): value is AlmanacError {
  return value instanceof AlmanacError && (codes.length === 0 || codes.includes(value.code));
}
