/** A row that could not be used. */
export interface RefusedRow {
  readonly file: string;
  /** Counted from 1; the heading of a CSV file does not count. */
  readonly row: number;
  readonly reason: string;
}

/** What importing catalogs did. New, updated, unchanged and invalid are rows, which are files of datasets. */
export interface ImportReport {
  readonly new: number;
  readonly updated: number;
  readonly unchanged: number;
  /** How many rows could not be used. */
  readonly invalid: number;
  /** The first thousand of them. */
  readonly refused: readonly RefusedRow[];
  /** Datasets added or changed. */
  readonly datasets: number;
  /** Notes on datasets, the first thousand. */
  readonly warnings: readonly { readonly id: string; readonly message: string }[];
  /** Columns that are no facet of the source type and were left out. */
  readonly unusedColumns: readonly string[];
  /** True if there were rows and none could be used. */
  readonly allFailed: boolean;
  /** True if it was interrupted: what was written stays, the same import again continues. */
  readonly interrupted: boolean;
}

/** How many refused rows and warnings a report lists: an import may have millions of either. */
const listed = 1000;

/** Counts while an import runs. */
export class ImportTally {
  added = 0;
  updated = 0;
  unchanged = 0;
  invalid = 0;
  datasets = 0;
  interrupted = false;
  readonly unusedColumns = new Set<string>();
  readonly #refused: RefusedRow[] = [];
  readonly #warnings: { readonly id: string; readonly message: string }[] = [];

  /** How many rows have been counted. */
  get rows(): number {
    return this.added + this.updated + this.unchanged + this.invalid;
  }

  refuse({ file, row, reason }: RefusedRow): undefined {
    this.invalid += 1;
    if (this.#refused.length < listed) this.#refused.push({ file, row, reason });
  }

  warn({ id, message }: { readonly id: string; readonly message: string }): void {
    if (this.#warnings.length < listed) this.#warnings.push({ id, message });
  }

  report(): ImportReport {
    return {
      new: this.added,
      updated: this.updated,
      unchanged: this.unchanged,
      invalid: this.invalid,
      refused: inRowOrder(this.#refused),
      datasets: this.datasets,
      warnings: this.#warnings,
      unusedColumns: [...this.unusedColumns].sort(),
      allFailed: this.invalid > 0 && this.invalid === this.rows && !this.interrupted,
      interrupted: this.interrupted,
    };
  }
}

/** Rows of one file are refused for themselves before they are for their dataset. Files keep their order. */
function inRowOrder(refused: readonly RefusedRow[]): readonly RefusedRow[] {
  return [...Map.groupBy(refused, ({ file }) => file).values()].flatMap((rows) =>
    rows.toSorted((a, b) => a.row - b.row),
  );
}
