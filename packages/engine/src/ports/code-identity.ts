import type { CodeFacts } from "../core/steps/code-facts.ts";

export type { CodeFacts, ImportedPackage, ReachedFunction, Unfollowed } from "../core/steps/code-facts.ts";

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

/** Finds out which code a function runs: its own source and everything of the project that it reaches. */
export interface CodeIdentity {
  /**
   * Identifies functions; files are read once for all of them.
   * @returns one answer for each request, in their order
   * @throws FILE_UNREADABLE when a source cannot be read
   */
  identify(requests: readonly CodeRequest[]): Promise<readonly CodeFacts[]>;
}
