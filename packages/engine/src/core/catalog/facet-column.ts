import { compareCodeUnits } from "../identity/compare.ts";
import type { FacetColumn } from "./snapshot.ts";

/** Collects one column's values; codes are provisional, in order of appearance, until `finishColumn`. */
export interface ColumnBuilder {
  readonly codeOf: Map<string, number>;
  readonly codes: Int32Array;
}

/** A column of `length` missing values to be filled. */
export function startColumn(length: number): ColumnBuilder {
  return { codeOf: new Map(), codes: new Int32Array(length).fill(-1) };
}

/** Sets one row's value. */
// allow-parameters: called once per row and facet, where an options object would cost as much as the work
export function setValue(column: ColumnBuilder, row: number, value: string): void {
  let code = column.codeOf.get(value);
  if (code === undefined) {
    code = column.codeOf.size;
    column.codeOf.set(value, code);
  }
  column.codes[row] = code;
}

/** The finished column, its values sorted by code units and its codes in that order. Reuses the builder's codes. */
export function finishColumn({ codeOf, codes }: ColumnBuilder): FacetColumn {
  const values = [...codeOf.keys()].sort(compareCodeUnits);
  const sortedCode = new Int32Array(values.length);
  values.forEach((value, code) => {
    sortedCode[codeOf.get(value) ?? 0] = code;
  });
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1;
    if (code >= 0) codes[row] = sortedCode[code] ?? -1;
  }
  return { values, codes };
}
