import type { FacetFilter } from "../diagnostic/constraint.ts";

/** What a solve is limited to. Absent: no limit. */
export interface SolveOptions {
  /** Provider slugs containing any of these, case-insensitive. Empty: no filter. */
  readonly providers?: readonly string[];
  /** Diagnostic slugs containing any of these, case-insensitive. Empty: no filter. */
  readonly diagnostics?: readonly string[];
  /** Exact `slug` or `provider/slug`. */
  readonly exclude?: readonly string[];
  /** `facet` or `type.facet` → values. Chooses among groups, never thins them. An empty value list matches nothing. */
  readonly datasets?: FacetFilter;
  readonly onePerProvider?: boolean;
  readonly onePerDiagnostic?: boolean;
  /** Highest number of runs. */
  readonly limit?: number;
  readonly rerunFailed?: boolean;
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
