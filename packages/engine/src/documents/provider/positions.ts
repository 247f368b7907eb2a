import type { DeclarationPath } from "../../core/diagnostic/problem.ts";

/** A place in a text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A structured text as read: its value, and where each part of it stands. */
export interface SourceText {
  readonly value: unknown;
  /** Where a path stands, or the nearest part above it that is there. */
  readonly positionOf: (path: DeclarationPath) => Position;
}

/** A text that does not parse. */
export interface SyntaxProblem {
  readonly position: Position;
  readonly message: string;
}
