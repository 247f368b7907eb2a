import type { Source } from "./source.ts";

/** One violation of a rule: where, and what to do instead. */
export interface Finding {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** A rule over one parsed TypeScript file. */
export interface SourceRule {
  readonly name: string;
  /** True for the files the rule speaks of. @param path relative to the repository, forward slashes */
  readonly appliesTo: (path: string) => boolean;
  /** Offsets and messages; a message says what to do instead. */
  readonly check: (source: Source) => readonly { readonly offset: number; readonly message: string }[];
}

/** A rule over the name and the text of any file of the repository. */
export interface TextRule {
  readonly name: string;
  /** Lines (from 1) and messages. */
  readonly check: (
    path: string,
    text: string,
  ) => readonly { readonly line: number; readonly message: string }[];
}

/** True for program files of the package and of `scripts/`, tests and contract suites left out. */
export function isProgram(path: string): boolean {
  return isTypeScript(path) && !isTest(path) && /^(packages\/[^/]+\/src|scripts)\//.test(path);
}

/** True for a file whose only readers are tests. */
export function isTest(path: string): boolean {
  return /\.(test|contract|harness)\.ts$/.test(path) || /^packages\/[^/]+\/test\//.test(path);
}

/** True for TypeScript sources. */
export function isTypeScript(path: string): boolean {
  return path.endsWith(".ts") && !path.endsWith(".d.ts");
}

/** True for the part of the engine that has neither clock, disk, network nor chance. */
export function isCore(path: string): boolean {
  return path.startsWith("packages/engine/src/core/");
}
