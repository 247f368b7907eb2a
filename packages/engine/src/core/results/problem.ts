/** One thing wrong with a result file, precise enough to find and mend it. */
export interface Problem {
  /** File inside the execution's folder. */
  readonly file: string;
  /** JSON path of the place, such as `$.RESULTS.gn["a b"]`. */
  readonly path: string;
  readonly message: string;
  /** What stands there, when it is short. */
  readonly value?: string;
  /** The nearest allowed one. */
  readonly nearest?: string;
}

/** A value with the place it was read from. */
export interface Located<T> {
  readonly value: T;
  readonly path: string;
}

/** What a reader of one file gives: a value unless there are problems, and what it let pass. */
export interface Reading<T> {
  /** Absent if there is any problem. */
  readonly value?: T;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** One step of a JSON path. */
export type PathPart = string | number;

/** JSON path of a place: `$`, then `.name`, `["other name"]` or `[0]`. */
export function jsonPath(parts: readonly PathPart[]): string {
  const steps = parts.map((part) => {
    if (typeof part === "number") return `[${part}]`;
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
  });
  return `$${steps.join("")}`;
}

/** One line for people: file, place, what is wrong, and what was probably meant. */
export function describeProblem(problem: Problem): string {
  return `${problem.file}${problem.path === "$" ? "" : ` ${problem.path}`}: ${explained(problem)}`;
}

/** The same where the file has been named already: place, what is wrong, and what was probably meant. */
export function describeWithin(problem: Problem): string {
  return `${problem.path === "$" ? "" : `${problem.path}: `}${explained(problem)}`;
}

function explained({ message, nearest }: Problem): string {
  return `${message}${nearest === undefined ? "" : `; did you mean "${nearest}"?`}`;
}
