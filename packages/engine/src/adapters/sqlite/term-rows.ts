import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import { type NewTerm, spellingsOf, type Term } from "../../core/records/vocabulary.ts";
import type { Connection } from "./connection.ts";
import { ridText, takeRid } from "./rids.ts";
import type { TermRow, VocabularyRow } from "./schema.ts";

/**
 * A vocabulary that must be there.
 * @throws UNKNOWN_NAME with the nearest names
 */
export function requireVocabulary(connection: Connection, name: string): VocabularyRow {
  const row = findVocabulary(connection, name);
  if (row !== undefined) return row;
  const names = connection.all<{ name: string }>("select name from vocabulary").map((each) => each.name);
  throw new AlmanacError("UNKNOWN_NAME", `there is no vocabulary "${name}"${meant(name, names)}`, {
    hint: "almanac vocab list",
    facts: { vocabulary: name },
  });
}

/** A vocabulary by its name. */
export function findVocabulary(connection: Connection, name: string): VocabularyRow | undefined {
  return connection.get<VocabularyRow>("select * from vocabulary where name = ?", name);
}

/** The names that are most like one that does not exist, as the end of a message. */
export function meant(given: string, known: Iterable<string>): string {
  const near = nearestNames(given, known);
  return near.length === 0 ? "" : `; did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`;
}

/** Makes a vocabulary without terms. Call it inside a write transaction. */
export function insertVocabulary(
  connection: Connection,
  { name, description }: { readonly name: string; readonly description: string },
): VocabularyRow {
  const id = takeRid(connection, "vocabulary");
  connection.run("insert into vocabulary (id, name, description) values (?, ?, ?)", id, name, description);
  return { id, name, description };
}

/** Terms of a vocabulary in order of names. */
export function termsOf(connection: Connection, vocabulary: VocabularyRow): readonly Term[] {
  const synonyms = new Map<number, string[]>();
  for (const row of connection.all<{ synonym: string; term_id: number }>(
    "select synonym, term_id from synonym where vocabulary_id = ? order by synonym",
    vocabulary.id,
  ))
    synonyms.set(row.term_id, [...(synonyms.get(row.term_id) ?? []), row.synonym]);
  return connection
    .all<TermRow>("select * from term where vocabulary_id = ? order by name", vocabulary.id)
    .map(({ id, name, description }) => ({
      ...{ rid: ridText(id), vocabulary: vocabulary.name, name, description },
      synonyms: synonyms.get(id) ?? [],
    }));
}

/** Id of the term that a name or a synonym stands for. */
export function findTerm(
  connection: Connection,
  { vocabulary, spelling }: { readonly vocabulary: VocabularyRow; readonly spelling: string },
): number | undefined {
  return connection.get<{ id: number }>(
    `select id from term where vocabulary_id = ?1 and name = ?2
     union all select term_id from synonym where vocabulary_id = ?1 and synonym = ?2`,
    vocabulary.id,
    spelling,
  )?.id;
}

/** A term with its synonyms. */
export function termOf(
  connection: Connection,
  { vocabulary, id }: { readonly vocabulary: VocabularyRow; readonly id: number },
): Term {
  const { name, description } = connection.get<TermRow>("select * from term where id = ?", id) as TermRow;
  const synonyms = connection
    .all<{ synonym: string }>("select synonym from synonym where term_id = ? order by synonym", id)
    .map(({ synonym }) => synonym);
  return { rid: ridText(id), vocabulary: vocabulary.name, name, description, synonyms };
}

/**
 * Adds terms to a vocabulary. Call it inside a write transaction.
 * @throws USAGE when a spelling is no spelling or stands for a term already
 */
export function insertTerms(
  connection: Connection,
  { vocabulary, terms }: { readonly vocabulary: VocabularyRow; readonly terms: readonly NewTerm[] },
): void {
  spellingsOf(vocabulary.name, [...termsOf(connection, vocabulary), ...terms]);
  for (const { name, description, synonyms } of terms) {
    const id = takeRid(connection, "term");
    connection.run(
      "insert into term (id, vocabulary_id, name, description) values (?, ?, ?, ?)",
      id,
      vocabulary.id,
      name,
      description,
    );
    for (const synonym of synonyms) insertSynonym(connection, { vocabulary, term: id, synonym });
  }
}

/** Adds a synonym whose spelling is free. Call it inside a write transaction. */
export function insertSynonym(
  connection: Connection,
  {
    vocabulary,
    term,
    synonym,
  }: { readonly vocabulary: VocabularyRow; readonly term: number; readonly synonym: string },
): void {
  connection.run(
    "insert into synonym (vocabulary_id, synonym, term_id) values (?, ?, ?)",
    vocabulary.id,
    synonym,
    term,
  );
}

/** True if a term is what is to be added, whatever the order of its synonyms. */
export function equalTerms(a: NewTerm, b: NewTerm): boolean {
  const text = ({ name, description, synonyms }: NewTerm) =>
    JSON.stringify([name, description, [...synonyms].sort(compareCodeUnits)]);
  return text(a) === text(b);
}
