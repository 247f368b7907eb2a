import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { newRepository } from "../adapters/git/repository.harness.ts";
import { isAlmanacError } from "../core/errors.ts";
import { defaultSettings } from "./config/settings.ts";
import { createCodeCapture } from "./recorded-code.ts";

const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  SITE: "here",
};

test("what the program itself writes does not make code dirty, nor what the settings ignore", async (context) => {
  const { root, file, write } = newRepository(context);
  for (const each of [".almanac/catalog.sqlite", "results/a/x.nc", "own.sqlite-wal", "notes.md"])
    write(each, "1");
  const catalog = { url: "sqlite:own.sqlite" };
  const runs = { ignoreChanges: ["*.md"], variables: ["SITE"] };
  const capture = (settings = {}) =>
    createCodeCapture({ environment, folder: root, settings: { ...defaultSettings, catalog, ...settings } });
  assert.equal((await capture({ runs }).identify({ file, allowDirty: false })).code.dirty, false);
  await assert.rejects(capture().identify({ file, allowDirty: false }), (error) => {
    assert.ok(isAlmanacError(error, "CODE_DIRTY"));
    assert.match(error.message, /1 path differs:\n +untracked +notes\.md$/);
    return true;
  });
  const { variables } = JSON.parse((await capture({ runs }).environment(file)).text);
  assert.equal(variables.SITE, "here");
  assert.deepEqual(capture().words(["x", "--token", "abc"]), ["x", "--token", "[redacted]"]);
});

test("settings that name the project's own folder do not hide its changes", async (context) => {
  const { root, file, write } = newRepository(context);
  write("src/train.ts", "changed\n");
  const log = { ...defaultSettings.log, file: "" };
  const paths = { scratch: ".", results: ".." };
  const folder = path.join(root, "src");
  const capture = createCodeCapture({ environment, folder, settings: { ...defaultSettings, log, paths } });
  const { code } = await capture.identify({ file, allowDirty: true });
  assert.deepEqual(code.dirtyPaths, ["src/train.ts"]);
});
