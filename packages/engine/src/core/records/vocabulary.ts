import { AlmanacError } from "../errors.ts";
import type { Rid } from "../identity/rid.ts";

/** A controlled list of terms. Not to be confused with the dimensions that result values may use. */
export interface TermVocabulary {
  readonly rid: Rid;
  readonly name: string;
  readonly description: string;
  /** How many terms it has. */
  readonly terms: number;
}

/** What is to be a term of a vocabulary. */
export interface NewTerm {
  readonly name: string;
  readonly description: string;
  /** Other spellings that look-up accepts; what is stored is always the name. */
  readonly synonyms: readonly string[];
}

/** An entry of a vocabulary. */
export interface Term extends NewTerm {
  readonly rid: Rid;
  readonly vocabulary: string;
}

/** What uses a term, so that it cannot be deleted. */
export interface TermUse {
  /** Such as `workflow`, `asset`, `feature cmip6/quality`. */
  readonly by: string;
  readonly rid: Rid;
}

/** Vocabularies whose terms the program itself gives a meaning: they gain and lose none. */
export const fixedVocabularies: readonly string[] = ["Asset_Role", "Execution_Status"];

/** Vocabularies that every catalog has and keeps: those of types gain and lose terms. */
export const builtInVocabularies: readonly string[] = [
  ...fixedVocabularies,
  ...["Asset_Type", "Dataset_Type", "Workflow_Type"],
];

/**
 * Checks the name of a vocabulary before it is made.
 * @throws USAGE when it is no name
 */
export function requireVocabularyName(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9_.-]*$/.test(name)) return name;
  throw new AlmanacError("USAGE", `"${name}" is no name for a vocabulary`, {
    hint: "a letter first, then letters, digits, _ . or -",
  });
}

/**
 * Every spelling of the terms of one vocabulary, names and synonyms, with the name it stands for.
 * @throws USAGE when a spelling is empty, has blanks around it, or stands for two terms
 */
export function spellingsOf(
  vocabulary: string,
  terms: Iterable<Pick<NewTerm, "name" | "synonyms">>,
): ReadonlyMap<string, string> {
  const spellings = new Map<string, string>();
  for (const { name, synonyms } of terms)
    for (const spelling of [name, ...synonyms]) {
      requireSpelling(spelling);
      const taken = spellings.get(spelling);
      if (taken !== undefined) throw doubleSpelling(spelling, { vocabulary, taken, name });
      spellings.set(spelling, name);
    }
  return spellings;
}

function requireSpelling(spelling: string): void {
  if (spelling !== "" && spelling.trim() === spelling) return;
  throw new AlmanacError("USAGE", `${JSON.stringify(spelling)} cannot be a term or a synonym`, {
    hint: "it must not be empty, nor begin or end with a blank",
  });
}

function doubleSpelling(
  spelling: string,
  { vocabulary, taken, name }: { readonly vocabulary: string; readonly taken: string; readonly name: string },
): AlmanacError {
  const which = taken === name ? `twice for "${name}"` : `for "${taken}" and for "${name}"`;
  return new AlmanacError("USAGE", `"${spelling}" would stand ${which} in the vocabulary ${vocabulary}`, {
    hint: `almanac vocab show ${vocabulary}`,
    facts: { vocabulary, spelling },
  });
}
