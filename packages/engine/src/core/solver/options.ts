import type { SelectionInput } from "../catalog/selection.ts";

/** What a solve is limited to. Absent: no limit. */
export interface SolveOptions {
  /** Provider slugs containing any of these, case-insensitive. Empty: no filter. */
  readonly providers?: readonly string[];
  /** Diagnostic slugs containing any of these, case-insensitive. Empty: no filter. */
  readonly diagnostics?: readonly string[];
  /** `providers` and `diagnostics` are whole slugs, not parts of them. */
  readonly exactNames?: boolean;
  /** Exact `slug` or `provider/slug`. */
  readonly exclude?: readonly string[];
  /** Selectors. Chooses among groups, never thins them. An empty value list matches nothing. */
  readonly datasets?: SelectionInput;
  readonly onePerProvider?: boolean;
  readonly onePerDiagnostic?: boolean;
  /** Highest number of runs. */
  readonly limit?: number;
  readonly rerunFailed?: boolean;
  /** Only what earlier solves began and did not end: nothing new, nothing changed. */
  readonly resume?: boolean;
}

/** Provider → diagnostic → source type → facet maps whose matching rows are ignored. */
export type IgnoreList = Readonly<
  Record<
    string,
    Readonly<
      Record<
        string,
        Readonly<Record<string, readonly Readonly<Record<string, string | readonly string[]>>[]>>
      >
    >
  >
>;
