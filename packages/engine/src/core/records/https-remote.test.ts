import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { httpsRemote } from "./https-remote.ts";

const forms: readonly (readonly [remote: string, https: string | undefined])[] = [
  ["https://example.org/lab/ecs.git", "https://example.org/lab/ecs"],
  ["https://example.org/lab/ecs.git/", "https://example.org/lab/ecs"],
  ["https://me:s3same@example.org/lab/ecs.git", "https://example.org/lab/ecs"],
  ["https://ghp_abcdefghijklmnopqrst@example.org/lab/ecs", "https://example.org/lab/ecs"],
  ["https://example.org/lab/ecs.git?private_token=abc#x", "https://example.org/lab/ecs"],
  ["https://example.org:8443/lab/ecs.git", "https://example.org:8443/lab/ecs"],
  ["http://example.org/lab/ecs", "https://example.org/lab/ecs"],
  ["http://example.org:8080/lab/ecs", "http://example.org:8080/lab/ecs"],
  ["git://example.org/lab/ecs.git", "https://example.org/lab/ecs"],
  ["ssh://git@example.org/lab/ecs.git", "https://example.org/lab/ecs"],
  ["ssh://git@example.org:2222/lab/ecs.git", "https://example.org/lab/ecs"],
  ["git+ssh://git@example.org/lab/ecs.git", "https://example.org/lab/ecs"],
  ["git@example.org:lab/ecs.git", "https://example.org/lab/ecs"],
  ["git@example.org:/lab/ecs.git", "https://example.org/lab/ecs"],
  ["example.org:lab/ecs.git", "https://example.org/lab/ecs"],
  ["[git@example.org:2222]:lab/ecs.git", "https://example.org/lab/ecs"],
  ["git@Example.ORG:lab/deeper/ecs.git", "https://example.org/lab/deeper/ecs"],
  ["git@ssh.github.com:lab/ecs.git", "https://github.com/lab/ecs"],
  ["ssh://git@ssh.github.com:443/lab/ecs.git", "https://github.com/lab/ecs"],
  ["/srv/git/ecs.git", undefined],
  ["../ecs", undefined],
  ["./a:b/ecs", undefined],
  ["C:\\git\\ecs", undefined],
  ["file:///srv/git/ecs.git", undefined],
  ["codecommit::eu-west-1://ecs", undefined],
  ["https://example.org", undefined],
  ["", undefined],
];

for (const [remote, https] of forms)
  test(`the https form of "${remote}" is ${https}`, () => {
    assert.equal(httpsRemote(remote), https);
  });

test("no credentials get through, and the form of a form is itself", () => {
  const word = fc.stringMatching(/^[a-z0-9]{8,20}$/);
  const scheme = fc.constantFrom("https", "http", "ssh", "git+ssh");
  fc.assert(
    fc.property(scheme, word, word, word, (given, user, password, name) => {
      const https = httpsRemote(`${given}://${user}:${password}@h.example/${name}.git`);
      assert.equal(https, `https://h.example/${name}`);
      assert.equal(httpsRemote(https), https);
    }),
  );
});
