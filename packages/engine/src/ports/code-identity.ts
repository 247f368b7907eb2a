/** A function of the user's whose code is to be identified. */
export interface CodeRequest {
  // The arguments are the step's own affair.
  readonly function: (...inputs: never[]) => unknown;
  /** Address or path of the module that declares the step; undefined when it is not known. */
  readonly module: string | undefined;
  /** Names of captured variables whose values the user gave: they count as followed. */
  readonly captures: readonly string[];
  /** The step, for messages. */
  readonly name: string;
}

/** One function of the project that a step reaches. */
export interface ReachedFunction {
  readonly name: string;
  /** Relative to the folder of the nearest package.json, with `/`. */
  readonly file: string;
  /** Of its source without comments and layout. */
  readonly digest: string;
}

/** A package that the reached code imports. */
export interface ImportedPackage {
  readonly name: string;
  readonly version: string;
}

/** Something the code depends on that could not be followed. */
export interface Unfollowed {
  readonly name: string;
  readonly reason: string;
}

/** What a function's code is. */
export interface CodeFacts {
  /** Over everything below. */
  readonly digest: string;
  readonly functions: readonly ReachedFunction[];
  readonly packages: readonly ImportedPackage[];
  readonly unfollowed: readonly Unfollowed[];
}

/** Finds out which code a function runs: its own source and everything of the project that it reaches. */
export interface CodeIdentity {
  /**
   * Identifies functions; files are read once for all of them.
   * @returns one answer for each request, in their order
   * @throws FILE_UNREADABLE when a source cannot be read
   */
  identify(requests: readonly CodeRequest[]): Promise<readonly CodeFacts[]>;
}
