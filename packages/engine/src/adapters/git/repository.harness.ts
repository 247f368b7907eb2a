import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";

/** Git without the settings of whoever runs the tests. */
const environment = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};

/** A folder that is removed after the test; links resolved. */
export function temporaryFolder(context: TestContext): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "almanac-git-")));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A real repository. */
export interface TestRepository {
  readonly root: string;
  /** Runs git in it and returns what it says, without the last line break. */
  readonly git: (...args: readonly string[]) => string;
  /** Writes a file, with the folders above it. @returns its absolute path */
  readonly write: (file: string, content: string | Uint8Array) => string;
  /** Adds everything and commits. @returns the commit */
  readonly commit: (message?: string) => string;
}

/** Works in a folder that is, or will be, a working tree. */
export function repositoryAt(root: string): TestRepository {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-C", root, "-c", "protocol.file.allow=always", ...args], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    })
      .toString()
      .trimEnd();
  return {
    root,
    git,
    write: (file, content) => {
      const target = path.join(root, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, content);
      return target;
    },
    commit: (message = "c") => {
      git("add", "-A");
      git("commit", "-q", "-m", message);
      return git("rev-parse", "HEAD");
    },
  };
}

/** A new repository with one committed file, `src/train.ts`, and no remote. */
export function newRepository(context: TestContext): TestRepository & { readonly file: string } {
  const repository = repositoryAt(temporaryFolder(context));
  repository.git("init", "-q", "-b", "main");
  const file = repository.write("src/train.ts", "export const rate = 1;\n");
  repository.commit();
  return { ...repository, file };
}
