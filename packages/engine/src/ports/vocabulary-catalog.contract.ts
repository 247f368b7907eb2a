import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ErrorCode, isAlmanacError } from "../core/errors.ts";
import { executionStates } from "../core/execution/state.ts";
import type { NewTerm } from "../core/records/vocabulary.ts";
import type { VocabularyCatalog } from "./vocabulary-catalog.ts";

/** A new catalog for one test. */
export interface VocabularyCatalogUnderTest {
  readonly vocabularies: VocabularyCatalog;
  close(): Promise<void>;
}

const good: NewTerm = { name: "good", description: "usable", synonyms: ["fine", "OK"] };

const withCode =
  (code: ErrorCode, message = /./) =>
  (error: unknown): boolean =>
    isAlmanacError(error, code) && message.test(error.message);

/** Registers the tests that every `VocabularyCatalog` passes. @param open a new catalog */
export function testVocabularyCatalog(name: string, open: () => Promise<VocabularyCatalogUnderTest>): void {
  const withCatalog: WithCatalog = (title, body) => {
    test(title, async () => {
      const catalog = await open();
      try {
        await body(catalog.vocabularies);
      } finally {
        await catalog.close();
      }
    });
  };
  describe(`vocabulary catalog: ${name}`, () => {
    testBase(withCatalog);
    testTerms(withCatalog);
    testChanging(withCatalog);
  });
}

type WithCatalog = (title: string, body: (vocabularies: VocabularyCatalog) => Promise<void>) => void;

function testBase(withCatalog: WithCatalog): void {
  withCatalog("a new one has the base vocabularies, their RIDs the same everywhere", async (vocabularies) => {
    const base = await vocabularies.vocabularies();
    assert.deepEqual(
      base.map(({ name }) => name),
      ["Asset_Role", "Asset_Type", "Dataset_Type", "Execution_Status", "Workflow_Type"],
    );
    assert.ok(base.every(({ terms, rid }) => terms > 1 && rid.startsWith("1-0000-")));
    const states = await vocabularies.terms("Execution_Status");
    assert.deepEqual(new Set(states.map(({ name }) => name)), new Set(executionStates));
    const roles = await vocabularies.terms("Asset_Role");
    assert.deepEqual(
      roles.map(({ name }) => name),
      ["Input", "Output"],
    );
    const kinds = ["execution-metadata", "execution-asset", "file"];
    assert.deepEqual(await vocabularies.names("Asset_Type", kinds), kinds);
  });

  withCatalog("what the program gives a meaning gains and loses no terms", async (vocabularies) => {
    await assert.rejects(vocabularies.add("Asset_Role", good), withCode("USAGE", /gains and loses no terms/));
    const status = { vocabulary: "Execution_Status", term: "failed" };
    await assert.rejects(vocabularies.remove(status), withCode("USAGE"));
    const described = await vocabularies.change(status, { description: "It broke", addSynonyms: ["broken"] });
    assert.deepEqual(described.synonyms, ["Failed", "broken"]);
  });
}

function testTerms(withCatalog: WithCatalog): void {
  withCatalog("look-up accepts names and synonyms, and gives the name", async (vocabularies) => {
    const made = await vocabularies.create({ name: "Grade", description: "How good" });
    assert.deepEqual(await vocabularies.create({ name: "Grade", description: "How good" }), made);
    const term = await vocabularies.add("Grade", good);
    assert.deepEqual(term, { ...good, rid: term.rid, vocabulary: "Grade", synonyms: ["OK", "fine"] });
    assert.deepEqual(await vocabularies.add("Grade", good), term);
    for (const spelling of ["good", "fine", "OK"])
      assert.deepEqual(await vocabularies.find({ vocabulary: "Grade", term: spelling }), term);
    assert.equal(await vocabularies.find({ vocabulary: "Grade", term: "Good" }), undefined);
    assert.deepEqual(await vocabularies.names("Grade", ["OK", "good", "OK"]), ["good", "good", "good"]);
    assert.deepEqual(await vocabularies.terms("Grade"), [term]);
  });

  withCatalog("unknown names are all told, with the nearest", async (vocabularies) => {
    await vocabularies.create({ name: "Grade", description: "" });
    await vocabularies.add("Grade", good);
    await assert.rejects(
      vocabularies.names("Grade", ["goood", "good", "xyz"]),
      withCode("UNKNOWN_NAME", /"goood"; did you mean "good"\?, "xyz"/),
    );
    await assert.rejects(
      vocabularies.terms("Grad"),
      withCode("UNKNOWN_NAME", /no vocabulary "Grad"; did you mean "Grade"/),
    );
    await assert.rejects(vocabularies.remove({ vocabulary: "Grade", term: "goo" }), withCode("UNKNOWN_NAME"));
  });

  withCatalog("what is there already is not made again in another form", async (vocabularies) => {
    await vocabularies.create({ name: "Grade", description: "" });
    await assert.rejects(vocabularies.create({ name: "Grade", description: "other" }), withCode("CONFLICT"));
    await assert.rejects(vocabularies.create({ name: "a b", description: "" }), withCode("USAGE"));
    await vocabularies.add("Grade", good);
    await assert.rejects(vocabularies.add("Grade", { ...good, description: "" }), withCode("CONFLICT"));
    await assert.rejects(
      vocabularies.add("Grade", { name: "nice", description: "", synonyms: ["fine"] }),
      withCode("USAGE", /"fine" would stand for "good" and for "nice"/),
    );
    await assert.rejects(
      vocabularies.add("Grade", { name: "OK", description: "", synonyms: [] }),
      withCode("USAGE"),
    );
    assert.equal((await vocabularies.terms("Grade")).length, 1);
  });
}

function testChanging(withCatalog: WithCatalog): void {
  withCatalog("a term's description and synonyms change, its RID stays", async (vocabularies) => {
    await vocabularies.create({ name: "Grade", description: "" });
    const before = await vocabularies.add("Grade", good);
    const name = { vocabulary: "Grade", term: "fine" };
    const after = await vocabularies.change(name, {
      description: "new",
      addSynonyms: ["nice", "OK"],
      removeSynonyms: ["fine", "none"],
    });
    assert.deepEqual(after, { ...before, description: "new", synonyms: ["OK", "nice"] });
    assert.equal(await vocabularies.find(name), undefined);
    await assert.rejects(
      vocabularies.change({ vocabulary: "Grade", term: "good" }, { addSynonyms: ["good"] }),
      withCode("USAGE"),
    );
  });

  withCatalog("an unused term can be deleted, with its synonyms", async (vocabularies) => {
    await vocabularies.create({ name: "Grade", description: "" });
    await vocabularies.add("Grade", good);
    assert.deepEqual(await vocabularies.uses({ vocabulary: "Grade", term: "OK" }, 5), {
      items: [],
      total: 0,
    });
    await vocabularies.remove({ vocabulary: "Grade", term: "OK" });
    assert.deepEqual(await vocabularies.terms("Grade"), []);
    await vocabularies.add("Grade", { name: "fine", description: "", synonyms: [] });
  });
}
