import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRid } from "../identity/rid.ts";
import type { ColumnFacts } from "./column.ts";
import { checkRecordRow } from "./record-row.ts";
import { type RecordType, requireRecordType } from "./record-type.ts";

const subject: RecordType = {
  name: "Subject",
  description: "",
  columns: [
    { name: "age", holds: "value", type: "number", units: "year", required: true },
    { name: "smokes", holds: "value", type: "boolean", required: false },
    { name: "notes", holds: "value", type: "json", required: false },
    { name: "sex", holds: "term", vocabulary: "Sex", required: false },
    { name: "site", holds: "record", recordType: "Site", required: false },
    { name: "scan", holds: "asset", required: false },
    { name: "of", holds: "dataset", required: false },
  ],
};
const facts: ColumnFacts = {
  spellings: (name) => (name === "Sex" ? new Map([["f", "female"]]) : undefined),
  asset: (given) => (given === "scan 1.png" ? { path: given } : undefined),
  rid: parseRid,
};

describe("a row of a record table", () => {
  test("cells get the types of their columns, empty ones are null", () => {
    const row = {
      age: "1e1",
      smokes: "false",
      notes: '{"a":[1]}',
      sex: "f",
      site: "3jse",
      scan: "scan 1.png",
    };
    assert.deepEqual(checkRecordRow(subject, { row: { ...row, of: "" }, facts }), {
      staged: {
        type: "Subject",
        values: {
          ...{ age: 10, smokes: false, notes: { a: [1] }, sex: "female", site: "3JSE" },
          ...{ scan: { path: "scan 1.png" }, of: null },
        },
      },
    });
  });

  test("all that is wrong is said", () => {
    const row = { age: "old", smokes: "no", sex: "x", site: "?", colour: "red" };
    const checked = checkRecordRow(subject, { row, facts });
    assert.deepEqual("problems" in checked && checked.problems, [
      'there is no column "colour": there are age, smokes, notes, sex, site, scan, of',
      '"age" is "old", not a number',
      '"smokes" is "no", not a boolean',
      '"sex" is "x", not a term of Sex',
      '"site" is "?", not a RID',
    ]);
  });

  test("a type is refused with two columns of one name, units of a text, or a reserved name", () => {
    const column = { name: "a", holds: "value", type: "text", required: true } as const;
    const type = (columns: RecordType["columns"]) => () =>
      requireRecordType({ name: "T", description: "", columns });
    assert.throws(type([column, column]), /comes twice/);
    assert.throws(type([{ ...column, units: "K" }]), /has units but holds text/);
    assert.throws(type([{ ...column, name: "rid" }]), /has a name that listings use/);
    assert.throws(type([{ ...column, type: "number", units: "blah" }]), /blah/);
    assert.throws(type([]), /has no columns/);
    assert.equal(requireRecordType(subject), subject);
  });
});
