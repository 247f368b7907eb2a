import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { AlmanacError, type ErrorCode } from "../../core/errors.ts";
import { isNotebook, notebookSource } from "../../core/records/notebook-source.ts";
import type { CodeSourceReader } from "../../ports/code-source.ts";
import { GitProgram, type GitProgramOptions } from "./git-program.ts";
import { patchOf } from "./patch.ts";
import { repositoryOf } from "./repository.ts";

const codes: Readonly<Record<string, ErrorCode>> = { ENOENT: "FILE_MISSING", ENOTDIR: "FILE_MISSING" };

function fileError(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof AlmanacError || code === undefined) return error;
  return new AlmanacError(
    codes[code] ?? "FILE_UNREADABLE",
    `the code in ${file} cannot be read: ${message}`,
    {
      hint: "name the file that holds the code: a script, a notebook or a module",
      facts: { file, errno: code },
      cause: error,
    },
  );
}

async function resolved(file: string): Promise<string> {
  const real = await realpath(file);
  if ((await stat(real)).isFile()) return real;
  throw new AlmanacError("FILE_INVALID", `${file} is no file: it cannot be the code of a run`, {
    hint: "name the file that holds the code: a script, a notebook or a module",
    facts: { file },
  });
}

/** Folders with links resolved; one that is not there yet holds no changes. */
async function resolvedFolders(folders: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      try {
        return [await realpath(folder)];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
      }
    }),
  );
  return found.flat();
}

async function digestOf(file: string): Promise<string> {
  const bytes = await readFile(file);
  const source = isNotebook(file) ? notebookSource(bytes.toString()) : undefined;
  return createHash("sha256")
    .update(source ?? bytes)
    .digest("hex");
}

/** Looks at code with the `git` program. */
export function gitCodeSource(options: GitProgramOptions): CodeSourceReader {
  const git = new GitProgram(options);
  return {
    inspect: async ({ file, outputFolders }) => {
      try {
        const real = await resolved(file);
        const [sha256, folders] = await Promise.all([digestOf(real), resolvedFolders(outputFolders)]);
        const repository = await repositoryOf(git, { file: real, outputFolders: folders });
        return { path: real, fileUrl: pathToFileURL(real).href, sha256, repository };
      } catch (error) {
        throw fileError(error, file);
      }
    },
    patch: async (request) => {
      try {
        return await patchOf(git, request);
      } catch (error) {
        throw fileError(error, request.root);
      }
    },
  };
}
