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
export function inputOfStored({ files, ...dataset }: StoredInput, requirement: string): InputDataset {
  return { requirement, ...dataset, files: filesOf(files) };
}

function columnsOf(files: readonly InputFile[]): FileColumns {
  const before = commonBeginning(files.map(({ path }) => path));
  const fields: Record<string, FileColumns["fields"][string]> = {};
  for (const name of fieldsOf(files)) fields[name] = columnOf(files, name, before);
  return { count: files.length, before, fields };
}

/** Fields that any file has, in the order in which they come. */
function fieldsOf(files: readonly InputFile[]): readonly string[] {
  const names: string[] = [];
  for (const file of files) for (const name in file) if (!names.includes(name)) names.push(name);
  return names;
}

// allow-parameters: which field of what, and what all its values begin with if it is the path
function columnOf(files: readonly InputFile[], name: string, before: string): FileColumns["fields"][string] {
  const each: Json[] = [];
  let alike = true;
  for (const file of files) {
    const value = (file as unknown as Readonly<Record<string, Json | undefined>>)[name] ?? null;
    each.push(name === "path" ? (value as string).slice(before.length) : value);
    alike &&= value !== null && each.at(-1) === each[0];
  }
  return alike ? { all: each[0] as Json } : { each };
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
  // Compared as wholes, which takes a fifth of the time of startsWith.
  for (const path of paths)
    if (path.slice(0, common.length) !== common) common = common.slice(0, commonLength(common, path));
  return common;
}

function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}
