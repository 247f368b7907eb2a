import type { InputDataset, InputFile } from "../../core/execution/definition.ts";
import type { Json } from "../../core/json.ts";

/** An input dataset as it is stored: without the requirement it answered, its files as columns. */
export interface StoredInput extends Omit<InputDataset, "requirement" | "files"> {
  readonly files: FileColumns;
}

/** Files field by field, as they have most in common: the beginning of their paths, and fields that are equal in all. */
interface FileColumns {
  readonly count: number;
  /** What all paths begin with. */
  readonly before: string;
  /** Field → its one value, or a list with null where a file does not have it. */
  readonly fields: Readonly<Record<string, { readonly all: Json } | { readonly each: readonly Json[] }>>;
}

/** An input dataset in the form that is stored. */
export function storedInput({ requirement: _, files, ...dataset }: InputDataset): StoredInput {
  return { ...dataset, files: columnsOf(files) };
}

/** A stored dataset again, for one requirement. */
export function inputOf({ files, ...dataset }: StoredInput, requirement: string): InputDataset {
  return { requirement, ...dataset, files: filesOf(files) };
}

function columnsOf(files: readonly InputFile[]): FileColumns {
  const before = commonBeginning(files.map(({ path }) => path));
  const names = new Set<string>();
  for (const file of files) for (const name in file) names.add(name);
  const fields = Array.from(names, (name) => {
    const each = files.map((file) => {
      const value = (file as unknown as Readonly<Record<string, Json | undefined>>)[name] ?? null;
      return name === "path" ? (value as string).slice(before.length) : value;
    });
    const [first = null] = each;
    const alike = first !== null && each.every((value) => value === first);
    return [name, alike ? { all: first } : { each }] as const;
  });
  return { count: files.length, before, fields: Object.fromEntries(fields) };
}

function filesOf({ count, before, fields }: FileColumns): readonly InputFile[] {
  const columns = Object.entries(fields);
  return Array.from({ length: count }, (_, at) => {
    const file: Record<string, Json> = {};
    for (const [name, column] of columns) {
      const value = "all" in column ? column.all : (column.each[at] ?? null);
      if (value !== null) file[name] = name === "path" ? before + (value as string) : value;
    }
    return file as unknown as InputFile;
  });
}

/** Paths are mostly in order, so that what the first and the last begin with is what all do. */
function commonBeginning(paths: readonly string[]): string {
  const first = paths[0] ?? "";
  let common = first.slice(0, commonLength(first, paths.at(-1) ?? ""));
  for (const path of paths)
    if (!path.startsWith(common)) common = common.slice(0, commonLength(common, path));
  return common;
}

function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}
