import { AlmanacError } from "../../core/errors.ts";
import { insidePath } from "../../core/execution/relative-path.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { MemberKind } from "../../core/records/authored-dataset.ts";
import type { MemberChange, NewMember } from "../../ports/dataset-authoring.ts";
import { draftOrdinal, findAuthored, versionsThereAre, whyNotAuthored } from "./authored-rows.ts";
import type { Connection } from "./connection.ts";
import { kindOfRid, resolveRid, ridNumber, ridText } from "./rids.ts";
import type { DatasetMemberRow } from "./schema.ts";

/** Things wrong that a message names. */
const namedProblems = 20;

/** A member as it is stored in a draft. */
interface MemberForm {
  readonly id: number;
  readonly kind: MemberKind;
  readonly path: string | null;
  readonly pinned: string | null;
}

/** How the members of a call are found. */
export interface MemberSources {
  /** Ids of the datasets made in the same call so far. */
  readonly made?: readonly number[];
  /** What the problems are about; default: the dataset's RID. */
  readonly about?: string;
}

/**
 * Changes the members of a draft. Only rows of the draft are touched, and the ends of older ones: what a released
 * version holds stays. Call it inside a write transaction.
 * @throws UNKNOWN_NAME, USAGE naming all members that are not there or cannot be used; NESTING_INVALID
 */
export function changeMembers(
  connection: Connection,
  dataset: number,
  { change, made = [], about }: MemberSources & { readonly change: MemberChange },
): void {
  const problems = new MemberProblems(about ?? `the dataset ${ridText(dataset)}`);
  const draft = draftOrdinal(connection, dataset);
  const removed = (change.remove ?? []).map((rid) => ({ rid, id: memberNumber(connection, rid) }));
  const added = (change.add ?? []).flatMap((given) => {
    const form = formOf(connection, { given, made, problems });
    return form === undefined ? [] : [form];
  });
  requireOneForm(added, problems);
  for (const { rid, id } of removed)
    if (!endMember(connection, { dataset, draft, id })) problems.missing(`${rid} is not a member`);
  problems.raise();
  for (const form of added) {
    if (form.kind === "dataset") refuseCycle(connection, { dataset, child: form.id });
    setMember(connection, { dataset, draft, form });
  }
  requireDistinctPaths(connection, dataset, problems);
  countMembers(connection, dataset, draft);
}

/** A member has one place and one version: the same one twice, otherwise, is a slip. */
function requireOneForm(added: readonly MemberForm[], problems: MemberProblems): void {
  const forms = new Map<number, MemberForm>();
  for (const form of added) {
    const before = forms.get(form.id);
    if (before !== undefined && (before.path !== form.path || before.pinned !== form.pinned))
      problems.unusable(`${ridText(form.id)} is named twice, with another path or version`);
    forms.set(form.id, form);
  }
}

/** Collects what is wrong with members, so that all of it is told at once. */
class MemberProblems {
  readonly #about: string;
  readonly #texts: string[] = [];
  #isMissing = false;

  constructor(about: string) {
    this.#about = about;
  }

  missing(text: string): undefined {
    this.#isMissing = true;
    return this.unusable(text);
  }

  unusable(text: string): undefined {
    this.#texts.push(text);
    return undefined;
  }

  /** @throws UNKNOWN_NAME, USAGE when there is any */
  raise(): void {
    if (this.#texts.length === 0) return;
    const named = this.#texts.slice(0, namedProblems);
    const more = this.#texts.length > named.length ? `; and ${this.#texts.length - named.length} more` : "";
    throw new AlmanacError(
      this.#isMissing ? "UNKNOWN_NAME" : "USAGE",
      `wrong with the members of ${this.#about}: ${named.join("; ")}${more}`,
      { hint: "members are assets, records and authored datasets, by RID", facts: { problems: named } },
    );
  }
}

/** Number of a record by its RID here, or by the one it had elsewhere. */
function memberNumber(connection: Connection, rid: Rid): number {
  const kind = kindOfRid(connection, rid);
  if (kind !== "asset" && kind !== "dataset") return ridNumber(rid);
  return resolveRid(connection, { kind, rid })[0] ?? ridNumber(rid);
}

interface Finding {
  readonly given: NewMember;
  readonly made: readonly number[];
  readonly problems: MemberProblems;
}

function formOf(connection: Connection, { given, made, problems }: Finding): MemberForm | undefined {
  const path = given.path === undefined ? null : insidePath(given.path);
  if (path === undefined)
    return problems.unusable(`${JSON.stringify(given.path)} is no path inside the dataset`);
  if ("made" in given) {
    const id = made[given.made];
    if (id === undefined) return problems.missing(`no dataset ${given.made + 1} was made before this one`);
    return { id, kind: "dataset", path, pinned: null };
  }
  const kind = kindOfRid(connection, given.rid);
  if (kind === undefined) return problems.missing(`there is no ${given.rid}`);
  if (kind === "dataset") return datasetForm(connection, { given, path, problems });
  if (kind !== "asset" && kind !== "record") return problems.unusable(`${given.rid} is of kind ${kind}`);
  if (given.version !== undefined)
    return problems.unusable(`${given.rid} is of kind ${kind}, which has no versions`);
  return { id: memberNumber(connection, given.rid), kind, path, pinned: null };
}

function datasetForm(
  connection: Connection,
  {
    given: { rid, version },
    path,
    problems,
  }: {
    readonly given: Extract<NewMember, { rid: Rid }>;
    readonly path: string | null;
    readonly problems: MemberProblems;
  },
): MemberForm | undefined {
  const id = findAuthored(connection, rid)?.id;
  if (id === undefined) return problems.unusable(whyNotAuthored(connection, rid) ?? `${rid} is no dataset`);
  if (version === undefined) return { id, kind: "dataset", path, pinned: null };
  const known = connection.get(
    "select 1 from dataset_version where dataset_id = ? and version = ?",
    id,
    version,
  );
  if (known === undefined)
    return problems.missing(`${rid} has no version ${version}${versionsThereAre(connection, id)}`);
  return { id, kind: "dataset", path, pinned: version };
}

interface InDraft {
  readonly dataset: number;
  readonly draft: number;
}

/** Ends a member with the draft. @returns false when it is none */
function endMember(
  connection: Connection,
  { dataset, draft, id }: InDraft & { readonly id: number },
): boolean {
  const dropped = connection.run(
    "delete from dataset_member where dataset_id = ? and member_id = ? and until is null and since = ?",
    dataset,
    id,
    draft,
  );
  if (dropped > 0) return true;
  const update =
    "update dataset_member set until = ? where dataset_id = ? and member_id = ? and until is null";
  return connection.run(update, draft, dataset, id) > 0;
}

/** Gives a member its form in the draft; the form it had in the newest version is taken up again. */
function setMember(
  connection: Connection,
  { dataset, draft, form }: InDraft & { readonly form: MemberForm },
): void {
  const rows = connection.all<DatasetMemberRow>(
    `select * from dataset_member where dataset_id = ? and member_id = ? and (until is null or until = ?)`,
    dataset,
    form.id,
    draft,
  );
  const current = rows.find(({ until }) => until === null);
  if (current !== undefined && hasForm(current, form)) return;
  if (current !== undefined) endMember(connection, { dataset, draft, id: form.id });
  const earlier = rows.find((row) => row.since < draft && hasForm(row, form));
  if (earlier !== undefined) {
    connection.run(
      "update dataset_member set until = null where dataset_id = ? and member_id = ? and since = ?",
      dataset,
      form.id,
      earlier.since,
    );
    return;
  }
  connection.run(
    "insert into dataset_member (dataset_id, member_id, since, kind, path, pinned_version) values (?, ?, ?, ?, ?, ?)",
    dataset,
    form.id,
    draft,
    form.kind,
    form.path,
    form.pinned,
  );
}

function hasForm(row: DatasetMemberRow, form: MemberForm): boolean {
  return row.path === form.path && row.pinned_version === form.pinned;
}

/** @throws NESTING_INVALID when the child has the dataset as a member, however deep and in whatever version */
function refuseCycle(
  connection: Connection,
  { dataset, child }: { readonly dataset: number; readonly child: number },
): void {
  const cycle = connection.get(
    `with recursive below (id) as (
       values (?1) union
       select member_id from below join dataset_member on dataset_id = below.id and kind = 'dataset')
     select 1 from below where id = ?2`,
    child,
    dataset,
  );
  if (cycle === undefined) return;
  throw new AlmanacError(
    "NESTING_INVALID",
    `the dataset ${ridText(child)} cannot be a member of ${ridText(dataset)}: it would contain itself`,
    {
      hint: `almanac datasets children ${ridText(child)} --recursive`,
      facts: { parent: ridText(dataset), child: ridText(child) },
    },
  );
}

// allow-parameters: where, of what, and who is told
function requireDistinctPaths(connection: Connection, dataset: number, problems: MemberProblems): void {
  const twice = connection.all<{ path: string; n: number }>(
    `select path, count(*) as n from dataset_member where dataset_id = ? and until is null and path is not null
     group by path having n > 1 order by path limit ?`,
    dataset,
    namedProblems,
  );
  for (const { path, n } of twice) problems.unusable(`${n} members have the path ${path}`);
  problems.raise();
}

/** Writes down how many members the draft has, and in how many it differs from the newest version. */
// allow-parameters: where, of what, and the draft's ordinal
export function countMembers(connection: Connection, dataset: number, draft: number): void {
  connection.run(
    `update authored_dataset set
       member_count = (select count(*) from dataset_member where dataset_id = ?1 and until is null),
       draft_changes = (select count(distinct member_id) from dataset_member
                        where dataset_id = ?1 and (since = ?2 or until = ?2))
     where id = ?1`,
    dataset,
    draft,
  );
}
