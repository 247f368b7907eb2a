/** Where in a declaration: names of members and positions in lists. */
export type DeclarationPath = readonly (string | number)[];

/** Something wrong with a declaration. */
export interface DeclarationProblem {
  readonly path: DeclarationPath;
  /** What it is about, outermost first, such as `d` and `requirement "cmip6"`. */
  readonly about: readonly string[];
  readonly message: string;
}

/** A problem of the declaration itself or of the member at a path. */
export function problem(message: string, path: DeclarationPath = []): DeclarationProblem {
  return { path, about: [], message };
}

/** Problems of a part as problems of the whole. @param about what the part is called, if it needs saying */
export function within(
  path: DeclarationPath,
  problems: readonly DeclarationProblem[],
  { about }: { readonly about?: string | undefined } = {},
): readonly DeclarationProblem[] {
  return problems.map((each) => ({
    path: [...path, ...each.path],
    about: about === undefined ? each.about : [about, ...each.about],
    message: each.message,
  }));
}

/** A problem in one line, for declarations that have no positions. */
export function problemText({ about, message }: DeclarationProblem): string {
  return [...about, message].join(": ");
}
