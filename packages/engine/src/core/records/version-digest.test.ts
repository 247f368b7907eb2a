import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type DigestedMember, recordChecksum, versionDigest } from "./version-digest.ts";

const member: fc.Arbitrary<DigestedMember> = fc
  .record({
    kind: fc.constantFrom("asset" as const, "record" as const, "dataset" as const),
    path: fc.option(fc.string(), { nil: undefined }),
    checksum: fc.string(),
    sizeBytes: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(({ kind, path, checksum, sizeBytes }) => ({
    ...{ kind, checksum },
    ...(path === undefined ? {} : { path }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  }));

test("the digest is the same for the same members in any order, and another for others", () => {
  fc.assert(
    fc.property(fc.array(member), fc.array(member), (members, others) => {
      assert.equal(versionDigest(members), versionDigest(members.toReversed()));
      const text = (all: readonly DigestedMember[]) =>
        all
          .map(({ kind, path, checksum, sizeBytes }) => JSON.stringify([kind, path, checksum, sizeBytes]))
          .sort((a, b) => (a < b ? -1 : 1));
      const areEqual = JSON.stringify(text(members)) === JSON.stringify(text(others));
      assert.equal(versionDigest(members) === versionDigest(others), areEqual);
    }),
  );
});

test("one member more, though equal to another, is another digest", () => {
  const one = { kind: "asset" as const, checksum: "sha256:aa", sizeBytes: 1 };
  assert.notEqual(versionDigest([one]), versionDigest([one, one]));
});

test("digests stay what they are", () => {
  assert.equal(versionDigest([]), "780abf87109dd3978cd00a71e8fe668669c4efebc32ef6772b67cfdc10119dff");
  assert.equal(recordChecksum({ b: 1, a: null }), recordChecksum({ a: null, b: 1 }));
});
