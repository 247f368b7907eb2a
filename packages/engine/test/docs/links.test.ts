import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";

const root = resolve(import.meta.dirname, "../../../..");

/** Headings as the addresses that links within a page use. */
function anchors(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => text);
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test("every link from a page to a file of the repository leads somewhere", () => {
  const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root });
  assert.ok(pages.length > 5);
  for (const page of pages) {
    const text = readFileSync(join(root, page), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file = "", anchor] = target.split("#");
      const path = file === "" ? join(root, page) : join(root, dirname(page), file);
      assert.ok(existsSync(path), `${page}: ${target}`);
      if (anchor !== undefined)
        assert.ok(anchors(readFileSync(path, "utf8")).has(anchor), `${page}: ${target}`);
    }
  }
});

test("every module and folder that ARCHITECTURE.md names is there", () => {
  const engine = join(root, "packages/engine");
  const files = globSync(["packages/engine/**/*.ts", "scripts/**/*.ts"], {
    cwd: root,
    exclude: ["**/node_modules/**"],
  });
  const named = [
    ...readFileSync(join(root, "ARCHITECTURE.md"), "utf8").matchAll(/`([\w./*-]+(?:\.ts|\/))`/g),
  ];
  assert.ok(named.length > 80);
  for (const [, name = ""] of named) {
    const pattern = new RegExp(`(?:^|/)${name.replaceAll(".", "\\.").replaceAll("*", "[\\w.-]+")}$`);
    const isThere = name.endsWith("/")
      ? [root, engine, join(engine, "src")].some((folder) => existsSync(join(folder, name)))
      : files.some((file) => pattern.test(file));
    assert.ok(isThere, name);
  }
});
