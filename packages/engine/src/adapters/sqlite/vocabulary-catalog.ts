import { AlmanacError } from "../../core/errors.ts";
import {
  fixedVocabularies,
  type NewTerm,
  requireVocabularyName,
  spellingsOf,
  type Term,
  type TermUse,
  type TermVocabulary,
} from "../../core/records/vocabulary.ts";
import type { TermChange, TermName, VocabularyCatalog } from "../../ports/vocabulary-catalog.ts";
import type { Connection } from "./connection.ts";
import { ridText } from "./rids.ts";
import type { VocabularyRow } from "./schema.ts";
import {
  equalTerms,
  findTerm,
  findVocabulary,
  insertSynonym,
  insertTerms,
  insertVocabulary,
  meant,
  requireVocabulary,
  termOf,
  termsOf,
} from "./term-rows.ts";
import { usesOfTerm } from "./term-uses.ts";

/** Users of a term that a refusal names. */
const namedUsers = 10;

/** Vocabularies in SQLite. */
export class SqliteVocabularyCatalog implements VocabularyCatalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async vocabularies(): Promise<readonly TermVocabulary[]> {
    return this.#connection
      .all<VocabularyRow & { terms: number }>(
        `select vocabulary.*, (select count(*) from term where vocabulary_id = vocabulary.id) as terms
         from vocabulary order by name`,
      )
      .map(({ id, name, description, terms }) => ({ rid: ridText(id), name, description, terms }));
  }

  async create(given: { readonly name: string; readonly description: string }): Promise<TermVocabulary> {
    const name = requireVocabularyName(given.name);
    return this.#connection.write("catalog.record", () => {
      const known = findVocabulary(this.#connection, name);
      if (known !== undefined && known.description !== given.description)
        throw new AlmanacError("CONFLICT", `there is a vocabulary ${name} already: ${known.description}`, {
          hint: `almanac vocab show ${name}`,
          facts: { vocabulary: name },
        });
      const row = known ?? insertVocabulary(this.#connection, given);
      const terms = known === undefined ? 0 : termsOf(this.#connection, known).length;
      return { rid: ridText(row.id), name, description: row.description, terms };
    });
  }

  async terms(vocabulary: string): Promise<readonly Term[]> {
    return this.#connection.read(() =>
      termsOf(this.#connection, requireVocabulary(this.#connection, vocabulary)),
    );
  }

  async find({ vocabulary, term }: TermName): Promise<Term | undefined> {
    return this.#connection.read(() => {
      const row = requireVocabulary(this.#connection, vocabulary);
      const id = findTerm(this.#connection, { vocabulary: row, spelling: term });
      return id === undefined ? undefined : termOf(this.#connection, { vocabulary: row, id });
    });
  }

  async names(vocabulary: string, spellings: readonly string[]): Promise<readonly string[]> {
    const known = spellingsOf(vocabulary, await this.terms(vocabulary));
    const foreign = [...new Set(spellings)].filter((spelling) => !known.has(spelling));
    if (foreign.length > 0) {
      const each = foreign.map((spelling) => `"${spelling}"${meant(spelling, known.keys())}`);
      throw new AlmanacError("UNKNOWN_NAME", `not in the vocabulary ${vocabulary}: ${each.join(", ")}`, {
        hint: `almanac vocab show ${vocabulary}, or almanac vocab add ${vocabulary} ${foreign[0]}`,
        facts: { vocabulary, terms: foreign },
      });
    }
    return spellings.map((spelling) => known.get(spelling) ?? spelling);
  }

  async add(vocabulary: string, term: NewTerm): Promise<Term> {
    requireChangeable(vocabulary);
    return this.#connection.write("catalog.record", () => {
      const row = requireVocabulary(this.#connection, vocabulary);
      const known = findTerm(this.#connection, { vocabulary: row, spelling: term.name });
      const there =
        known === undefined ? undefined : termOf(this.#connection, { vocabulary: row, id: known });
      if (there !== undefined && equalTerms(there, term)) return there;
      if (there?.name === term.name)
        throw new AlmanacError("CONFLICT", `${vocabulary} has the term "${term.name}" already`, {
          hint: `almanac vocab set ${vocabulary} ${term.name} --description TEXT --add-synonym WORD`,
          facts: { vocabulary, term: term.name },
        });
      insertTerms(this.#connection, { vocabulary: row, terms: [term] });
      return this.#required({ vocabulary, term: term.name }).term;
    });
  }

  async change(name: TermName, change: TermChange): Promise<Term> {
    return this.#connection.write("catalog.record", () => {
      const { vocabulary, id, term } = this.#required(name);
      if (change.description !== undefined)
        this.#connection.run("update term set description = ? where id = ?", change.description, id);
      for (const synonym of change.removeSynonyms ?? [])
        this.#connection.run("delete from synonym where term_id = ? and synonym = ?", id, synonym);
      for (const synonym of new Set(change.addSynonyms)) {
        if (term.synonyms.includes(synonym) && !(change.removeSynonyms ?? []).includes(synonym)) continue;
        spellingsOf(vocabulary.name, [
          ...termsOf(this.#connection, vocabulary),
          { name: synonym, synonyms: [] },
        ]);
        insertSynonym(this.#connection, { vocabulary, term: id, synonym });
      }
      return termOf(this.#connection, { vocabulary, id });
    });
  }

  async uses(
    name: TermName,
    limit: number,
  ): Promise<{ readonly items: readonly TermUse[]; readonly total: number }> {
    return this.#connection.read(() => {
      const { term } = this.#required(name);
      return usesOfTerm(this.#connection, { vocabulary: term.vocabulary, term: term.name, limit });
    });
  }

  async remove(name: TermName): Promise<void> {
    requireChangeable(name.vocabulary);
    await this.#connection.write("catalog.record", () => {
      const { id, term } = this.#required(name);
      const { items, total } = usesOfTerm(this.#connection, {
        ...{ vocabulary: term.vocabulary, term: term.name, limit: namedUsers },
      });
      if (total > 0) throw inUse(term, { items, total });
      this.#connection.run("delete from term where id = ?", id);
      this.#connection.run("delete from record where id = ?", id);
    });
  }

  #required({ vocabulary, term: spelling }: TermName): {
    readonly vocabulary: VocabularyRow;
    readonly id: number;
    readonly term: Term;
  } {
    const row = requireVocabulary(this.#connection, vocabulary);
    const id = findTerm(this.#connection, { vocabulary: row, spelling });
    if (id !== undefined)
      return { vocabulary: row, id, term: termOf(this.#connection, { vocabulary: row, id }) };
    const known = termsOf(this.#connection, row).flatMap(({ name, synonyms }) => [name, ...synonyms]);
    const message = `${vocabulary} has no term "${spelling}"${meant(spelling, known)}`;
    throw new AlmanacError("UNKNOWN_NAME", message, {
      hint: `almanac vocab show ${vocabulary}`,
      facts: { vocabulary, term: spelling },
    });
  }
}

/** @throws USAGE when the program itself gives the terms their meaning */
function requireChangeable(vocabulary: string): void {
  if (!fixedVocabularies.includes(vocabulary)) return;
  throw new AlmanacError("USAGE", `${vocabulary} gains and loses no terms: Almanac itself uses them`, {
    hint: "make a vocabulary of your own: almanac vocab create NAME",
    facts: { vocabulary },
  });
}

function inUse(
  { vocabulary, name }: Term,
  { items, total }: { readonly items: readonly TermUse[]; readonly total: number },
): AlmanacError {
  const users = items.map(({ by, rid }) => `${by} ${rid}`).join("; ");
  const more = total > items.length ? `; and ${total - items.length} more` : "";
  return new AlmanacError("IN_USE", `the term "${name}" of ${vocabulary} is used by ${users}${more}`, {
    hint: `almanac vocab set ${vocabulary} ${name} --description TEXT changes what is said of it`,
    facts: { vocabulary, term: name, users: items, total },
  });
}
