import { spawn } from "node:child_process";
import { AlmanacError } from "../../core/errors.ts";
import type { EnvironmentVariables } from "../../core/records/workflow-variables.ts";

/**
 * Variables that would point git at another repository than the one asked for. Settings handed over by the environment
 * stay: in containers they say which folders are safe.
 * @source `git rev-parse --local-env-vars`
 */
const repositoryVariables = [
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_CONFIG",
  "GIT_OBJECT_DIRECTORY",
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_GRAFT_FILE",
  "GIT_INDEX_FILE",
  "GIT_NO_REPLACE_OBJECTS",
  "GIT_REPLACE_REF_BASE",
  "GIT_PREFIX",
  "GIT_SHALLOW_FILE",
  "GIT_COMMON_DIR",
  "GIT_LITERAL_PATHSPECS",
  "GIT_GLOB_PATHSPECS",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
  "GIT_EXTERNAL_DIFF",
  "GIT_TRACE",
] as const;

/** Messages in English, no lock taken for looking, nobody asked for a password. */
const ours = { LC_ALL: "C", LANGUAGE: "", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" } as const;

/** Looking runs nothing that the repository configures, but the filters that decide what a file's content is. */
const quiet = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"] as const;

/** What a call of git answered. */
export interface GitAnswer {
  readonly code: number | null;
  readonly bytes: Buffer;
  readonly errors: string;
}

/** One call of git. */
export interface GitCall {
  /** Folder to run in. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly input?: string | Uint8Array;
  /** Added to the environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** How git is started. */
export interface GitProgramOptions {
  /** `git`, or a path. */
  readonly program?: string;
  /** The environment of this process, as entry hands it over. */
  readonly environment: EnvironmentVariables;
}

/** The `git` program. Configured hooks and monitors of a repository are not run. */
export class GitProgram {
  readonly #program: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor({ program = "git", environment }: GitProgramOptions) {
    this.#program = program;
    const foreign = new Set<string>(repositoryVariables);
    const kept = Object.entries(environment).filter(([name]) => !foreign.has(name));
    this.#environment = { ...Object.fromEntries(kept), ...ours };
  }

  /** Calls git. @returns undefined when there is no such program */
  async answer({ folder, args, input = "", variables = {} }: GitCall): Promise<GitAnswer | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<GitAnswer | undefined>();
    const child = spawn(this.#program, [...quiet, ...args], {
      cwd: folder,
      env: { ...this.#environment, ...variables },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const [out, problems]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (bytes: Buffer) => out.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => problems.push(bytes));
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "EACCES") resolve(undefined);
      else reject(cannotStart(this.#program, error));
    });
    child.on("close", (code) =>
      resolve({ code, bytes: Buffer.concat(out), errors: Buffer.concat(problems).toString().trim() }),
    );
    // Git may end before it has read everything; its exit code tells.
    child.stdin.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") reject(cannotStart(this.#program, error));
    });
    child.stdin.end(input);
    return promise;
  }

  /** Calls git where it is known to be there and must succeed. @throws ENVIRONMENT_INVALID with what git said */
  async require(call: GitCall): Promise<Buffer> {
    const answer = await this.answer(call);
    if (answer?.code === 0) return answer.bytes;
    throw refused(call, answer);
  }

  /** First line of what git says; undefined when it says nothing or has no answer. */
  async ask(call: GitCall): Promise<string | undefined> {
    const answer = await this.answer(call);
    const text = answer?.code === 0 ? answer.bytes.toString().split("\n")[0] : "";
    return text === "" ? undefined : text;
  }
}

function cannotStart(program: string, error: NodeJS.ErrnoException): AlmanacError {
  return new AlmanacError("ENVIRONMENT_INVALID", `${program} cannot be run: ${error.message}`, {
    hint: `install ${program}, or put it on the PATH`,
    cause: error,
  });
}

/** The error of a call that git refused. */
export function refused({ folder, args }: GitCall, answer: GitAnswer | undefined): AlmanacError {
  const said = answer === undefined ? "there is no git program" : answer.errors || `exit code ${answer.code}`;
  const unsafe = said.includes("dubious ownership");
  return new AlmanacError("ENVIRONMENT_INVALID", `git ${args[0]} failed in ${folder}: ${said}`, {
    hint: unsafe
      ? `the repository belongs to another user; if you trust it: git config --global --add safe.directory ${folder}`
      : `see what git says: git -C ${folder} status`,
    facts: { folder, args, said },
  });
}
