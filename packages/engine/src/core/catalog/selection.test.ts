import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../errors.ts";
import { conditionTest, conditionText, parseSelection } from "./selection.ts";

const fits = (words: readonly string[], texts: Readonly<Record<string, string>>, type?: string): boolean =>
  parseSelection(words).every(
    (condition) =>
      (condition.sourceType === undefined || condition.sourceType === type) &&
      conditionTest(condition)(texts[condition.facet]),
  );

test("values of one facet are alternatives, in one word or several; facets are all to be met", () => {
  assert.equal(fits(["a=1,2"], { a: "2" }), true);
  assert.equal(fits(["a=1", "a=2"], { a: "2" }), true);
  assert.equal(fits(["a=1", "b=2"], { a: "1", b: "3" }), false);
  assert.equal(fits([], { a: "1" }), true);
});

test("!= excludes every value given, and a missing facet meets nothing else", () => {
  assert.equal(fits(["a!=1,2"], { a: "2" }), false);
  assert.equal(fits(["a!=1", "a!=2"], { a: "2" }), false);
  assert.equal(fits(["a!=1"], {}), true);
  assert.equal(fits(["a=1"], {}), false);
  assert.equal(fits(["a=*"], {}), false);
  assert.equal(fits(["a="], { a: "" }), false);
});

test("globs and exclusions narrow each other", () => {
  assert.equal(fits(["a=hist*", "a!=*-ext"], { a: "historical" }), true);
  assert.equal(fits(["a=hist*", "a!=*-ext"], { a: "hist-ext" }), false);
  assert.equal(fits(["a=r?i1,x"], { a: "r1i1" }), true);
  assert.equal(fits(["a=r?i1"], { a: "r10i1" }), false);
  assert.equal(fits(["a=[x].*"], { a: "[x].y" }), true);
});

test("type.facet holds for that type only", () => {
  assert.equal(fits(["cmip6.a=1"], { a: "1" }, "cmip6"), true);
  assert.equal(fits(["cmip6.a=1"], { a: "1" }, "obs4mips"), false);
});

test("a map of facets is the same as words, and what is written is read again", () => {
  assert.deepEqual(parseSelection({ a: ["1", "2"], "t.b": [] }), parseSelection(["a=1,2", "t.b="]));
  const word = fc.stringMatching(/^([a-z]\.)?[a-z]+!?=[a-z*?]+(,[a-z]+)*$/);
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const selection = parseSelection(words);
      assert.deepEqual(parseSelection(selection.map(conditionText)), selection);
    }),
  );
});

test("a word that is no selector is refused", () => {
  for (const word of ["a", "=b", "", "!=b"])
    assert.throws(
      () => parseSelection([word]),
      (error) => isAlmanacError(error, "USAGE"),
      word,
    );
});
