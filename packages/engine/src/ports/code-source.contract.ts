import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type ErrorCode, isAlmanacError } from "../core/errors.ts";
import { sha256Hex } from "../core/identity/digest.ts";
import { notebookSource } from "../core/records/notebook-source.ts";
import type { CodeSourceReader } from "./code-source.ts";

type WithFolder = (title: string, body: (folder: string) => Promise<void>) => void;

const digestOf = (text: string): string => sha256Hex(Buffer.from(text));

/** Registers the tests that every `CodeSourceReader` passes, on files of this machine. */
export function testCodeSource(name: string, source: CodeSourceReader): void {
  const withFolder: WithFolder = (title, body) => {
    test(title, async () => {
      const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "almanac-code-")));
      try {
        await body(folder);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  };
  const inspect = async (file: string) => source.inspect({ file, outputFolders: [] });
  describe(`code source: ${name}`, () => {
    withFolder("a file has its address and digest, the same twice", async (folder) => {
      const file = path.join(folder, "a b \u00e9.ts");
      writeFileSync(file, "1\n");
      const found = await inspect(file);
      assert.deepEqual([found.path, found.fileUrl], [file, pathToFileURL(file).href]);
      assert.equal(found.sha256, digestOf("1\n"));
      assert.deepEqual(await inspect(file), found);
      writeFileSync(file, "2\n");
      assert.notEqual((await inspect(file)).sha256, found.sha256);
    });
    withFolder("a link is followed to where the code is", async (folder) => {
      const file = path.join(folder, "real.ts");
      writeFileSync(file, "1\n");
      symlinkSync(file, path.join(folder, "link.ts"));
      assert.deepEqual(await inspect(path.join(folder, "link.ts")), await inspect(file));
    });
    withFolder("a notebook counts by its source, what is none by its bytes", async (folder) => {
      const file = path.join(folder, "a.ipynb");
      const text = JSON.stringify({ cells: [{ cell_type: "code", source: "1", outputs: ["1"] }] });
      writeFileSync(file, text);
      assert.equal((await inspect(file)).sha256, digestOf(notebookSource(text) ?? ""));
      writeFileSync(file, "no notebook");
      assert.equal((await inspect(file)).sha256, digestOf("no notebook"));
    });
    withFolder("a missing file, a folder and a file that cannot be read are three errors", async (folder) => {
      const fails = async (file: string, code: ErrorCode) =>
        assert.rejects(inspect(file), (error) => isAlmanacError(error, code));
      await fails(path.join(folder, "none.ts"), "FILE_MISSING");
      await fails(folder, "FILE_INVALID");
      symlinkSync("loop.ts", path.join(folder, "loop.ts"));
      await fails(path.join(folder, "loop.ts"), "FILE_UNREADABLE");
    });
  });
}
