import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../errors.ts";
import { requireVocabularyName, spellingsOf } from "./vocabulary.ts";

const word = fc.stringMatching(/^[a-f]{1,2}$/);
const term = fc.record({ name: word, synonyms: fc.array(word, { maxLength: 3 }) });

test("every spelling stands for one term, or the terms are refused", () => {
  fc.assert(
    fc.property(fc.array(term, { maxLength: 5 }), (terms) => {
      const all = terms.flatMap(({ name, synonyms }) => [name, ...synonyms]);
      if (new Set(all).size < all.length)
        return assert.throws(
          () => spellingsOf("V", terms),
          (error) => isAlmanacError(error, "USAGE"),
        );
      const spellings = spellingsOf("V", terms);
      for (const { name, synonyms } of terms)
        for (const spelling of [name, ...synonyms]) assert.equal(spellings.get(spelling), name);
    }),
  );
});

test("a clash names both terms", () => {
  const clash = [
    { name: "good", synonyms: ["fine"] },
    { name: "fine", synonyms: [] },
  ];
  assert.throws(() => spellingsOf("Grade", clash), /"fine" would stand for "good" and for "fine"/);
});

test("what is blank or begins or ends with a blank is no spelling", () => {
  for (const name of ["", " ", "a ", "\tb"])
    assert.throws(() => spellingsOf("V", [{ name, synonyms: [] }]), /cannot be a term/);
  assert.throws(() => requireVocabularyName("two words"), /no name for a vocabulary/);
});
