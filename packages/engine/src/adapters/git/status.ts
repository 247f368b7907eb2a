import type { ChangeKind, CodeChange } from "../../core/records/file-code.ts";

/** What `git status --porcelain=v2 --branch -z` tells. */
export interface GitStatus {
  /** Undefined before the first commit. */
  readonly commit?: string;
  /** Undefined on a detached head. */
  readonly branch?: string;
  readonly changes: readonly CodeChange[];
}

/** Letters of the two columns (staged, on disk), in the order in which they decide. */
const kinds: readonly (readonly [letter: string, kind: ChangeKind])[] = [
  ["D", "deleted"],
  ["R", "renamed"],
  ["A", "added"],
  ["C", "added"],
];

function kindOf(columns: string): ChangeKind {
  // Staged as new and deleted since: as if it had never been there, but something is staged.
  return kinds.find(([letter]) => columns.includes(letter))?.[1] ?? "modified";
}

/** Rest of a record after so many fields: the path, which may hold spaces. */
function after(record: string, fields: number): string {
  return record.split(" ").slice(fields).join(" ");
}

/** Column `S<c><m><u>`: changes of tracked or untracked files inside of a submodule. */
function insideSubmodule(column: string | undefined): { readonly submodule?: true } {
  return /^S.(?:M.|.U)$/.test(column ?? "") ? { submodule: true } : {};
}

/** Number of fields before the path, by the first character of a record. */
const fieldsBefore: Readonly<Record<string, number>> = { "1": 8, "2": 9, u: 10, "?": 1, "!": 1 };

function changeOf(record: string, from: string | undefined): CodeChange | undefined {
  const type = record[0] ?? "";
  const fields = fieldsBefore[type];
  if (fields === undefined) return undefined;
  const path = after(record, fields);
  if (type === "?") return { path, kind: "untracked" };
  if (type === "!") return { path, kind: "ignored" };
  if (type === "u") return { path, kind: "unmerged" };
  const [, columns = "", sub] = record.split(" ");
  const kind = kindOf(columns);
  return {
    path,
    kind,
    ...(kind === "renamed" && from !== undefined ? { from } : {}),
    ...insideSubmodule(sub),
  };
}

/** One change for each path: what is deleted from the index and still on disk is modified. */
function byPath(changes: readonly CodeChange[]): readonly CodeChange[] {
  return [...Map.groupBy(changes, ({ path }) => path).values()].flatMap((same): readonly CodeChange[] => {
    const [first] = same;
    if (first === undefined) return [];
    return same.length === 1 ? [first] : [{ path: first.path, kind: "modified" }];
  });
}

function header(records: readonly string[], name: string): string | undefined {
  const start = `# branch.${name} `;
  const value = records.find((record) => record.startsWith(start))?.slice(start.length);
  return value?.startsWith("(") === true ? undefined : value;
}

/**
 * Reads what git says about a working tree.
 * @param text output of `git status --porcelain=v2 --branch -z`
 * @source git-status(1), "Porcelain Format Version 2"
 */
export function readStatus(text: string): GitStatus {
  const records = text.split("\0");
  const changes: CodeChange[] = [];
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] ?? "";
    // A renamed file's old path follows as a record of its own.
    const from = record.startsWith("2 ") ? records[(at += 1)] : undefined;
    const change = changeOf(record, from);
    if (change !== undefined) changes.push(change);
  }
  const [commit, branch] = [header(records, "oid"), header(records, "head")];
  return {
    ...(commit === undefined ? {} : { commit }),
    ...(branch === undefined ? {} : { branch }),
    changes: byPath(changes),
  };
}
