import type { NewTerm, Term, TermUse, TermVocabulary } from "../core/records/vocabulary.ts";

/** Changes of a term: what is absent stays. */
export interface TermChange {
  readonly description?: string;
  readonly addSynonyms?: readonly string[];
  /** One that is not there is no error. */
  readonly removeSynonyms?: readonly string[];
}

/** Names of one term. */
export interface TermName {
  readonly vocabulary: string;
  /** Name or synonym. */
  readonly term: string;
}

/** Controlled vocabularies. Names are exact; wherever a term is asked for, a synonym does as well. */
export interface VocabularyCatalog {
  /** In order of names. */
  vocabularies(): Promise<readonly TermVocabulary[]>;
  /** @throws CONFLICT when there is one of this name with another description; USAGE when it is no name */
  create(vocabulary: { readonly name: string; readonly description: string }): Promise<TermVocabulary>;
  /** In order of names. @throws UNKNOWN_NAME when there is no such vocabulary */
  terms(vocabulary: string): Promise<readonly Term[]>;
  /** The term that a name or a synonym stands for. @throws UNKNOWN_NAME when there is no such vocabulary */
  find(name: TermName): Promise<Term | undefined>;
  /**
   * Names of the terms that spellings stand for, in their order.
   * @throws UNKNOWN_NAME naming all that are none, with the nearest
   */
  names(vocabulary: string, spellings: readonly string[]): Promise<readonly string[]>;
  /**
   * Adds a term; an equal one is kept.
   * @throws UNKNOWN_NAME, CONFLICT when it is there otherwise, USAGE when a spelling is taken or the vocabulary is fixed
   */
  add(vocabulary: string, term: NewTerm): Promise<Term>;
  /** @throws UNKNOWN_NAME, USAGE when a spelling is taken */
  change(name: TermName, change: TermChange): Promise<Term>;
  /** What uses a term, in order: at most `limit` of `total`. */
  uses(
    name: TermName,
    limit: number,
  ): Promise<{ readonly items: readonly TermUse[]; readonly total: number }>;
  /**
   * Deletes a term.
   * @throws IN_USE naming what uses it; UNKNOWN_NAME; USAGE when the vocabulary is fixed
   */
  remove(name: TermName): Promise<void>;
}
