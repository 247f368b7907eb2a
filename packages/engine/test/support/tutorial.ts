import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CleanUp } from "./clean-up.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const almanac = path.join(root, "packages/engine/bin/almanac.js");

/** A command of a page, with what the page says that it prints. */
export interface TutorialCommand {
  readonly line: string;
  /** Lines that its output has, in this order; `…` stands for anything. */
  readonly expected: readonly string[];
}

/** A page of the documentation whose commands a reader types one after the other. */
export class Tutorial {
  readonly #page: string;

  /** @param name of the page, such as `steps.md` */
  constructor(name: string) {
    this.#page = readFileSync(path.join(root, "docs", name), "utf8");
  }

  /** The page's blocks of a language; of none: those without. */
  blocks(language: string): readonly string[] {
    return [...this.#page.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)]
      .filter(([, each]) => each === language)
      .map(([, , block = ""]) => block);
  }

  /** The commands of the page's console blocks. */
  commands(): readonly TutorialCommand[] {
    const commands: { readonly line: string; readonly expected: string[] }[] = [];
    for (const block of this.blocks("console"))
      for (const line of block.trimEnd().split("\n"))
        if (line.startsWith("$ ")) commands.push({ line: line.slice(2), expected: [] });
        else commands.at(-1)?.expected.push(line);
    return commands;
  }
}

/**
 * Runs a line of a page as its reader would.
 * @returns what is printed, line by line
 * @throws AssertionError when it does not end well
 */
export function runLine(folder: string, line: string): readonly string[] {
  const shell = `almanac() { "${process.execPath}" "${almanac}" "$@"; }; ${line}`;
  const { stdout, stderr, status } = spawnSync("sh", ["-c", shell], {
    cwd: folder,
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, CI: undefined },
  });
  assert.equal(status, 0, `${line}\n${stderr}`);
  return `${stderr}${stdout}`.split("\n");
}

/** A git identity, which a reader has and a test machine may not have. */
export const gitIdentity =
  "export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@a";

/**
 * The folder that the first `sh` block of a page makes and enters, when it is typed in a clone of the repository. What the page
 * does there is done as its reader would: a run of code that the block leaves uncommitted is refused.
 */
export function begunFolder(cleanUp: CleanUp, page: Tutorial): string {
  const clone = mkdtempSync(path.join(tmpdir(), "almanac-page-"));
  cleanUp.after(() => rmSync(clone, { recursive: true, force: true }));
  symlinkSync(path.join(root, "docs"), path.join(clone, "docs"));
  const [block = ""] = page.blocks("sh");
  const printed = runLine(clone, `set -e; ${gitIdentity}\n${block}pwd`);
  return printed.findLast((line) => line !== "") ?? clone;
}

/**
 * What a page says a command prints is among what it prints, in this order.
 * @param anyOrder lines that may come before those above them, because their order is not decided
 */
export function assertPrinted(
  printed: readonly string[],
  {
    line,
    expected,
    anyOrder = () => false,
  }: TutorialCommand & { readonly anyOrder?: (line: string) => boolean },
): void {
  let from = 0;
  for (const wanted of expected.filter((each) => each !== "…")) {
    const begin = anyOrder(wanted) ? 0 : from;
    const at = printed.findIndex((each, number) => number >= begin && pattern(wanted).test(each));
    assert.ok(at >= 0, `${line}\nwanted: ${wanted}\nprinted:\n${printed.join("\n")}`);
    from = Math.max(from, at + 1);
  }
}

/** Blanks beside `…` are part of what it stands for: columns are as wide as their longest cell. */
function pattern(line: string): RegExp {
  const parts = line.split(/\s*…\s*/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
