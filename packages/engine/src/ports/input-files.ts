/** What a file of the user's is known by. */
export interface InputFileFacts {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Files of the user's that become inputs of a run. */
export interface InputFiles {
  /**
   * Reads a file once.
   * @param file absolute path
   * @returns undefined when there is none, or it is no regular file
   * @throws FILE_UNREADABLE
   */
  describe(file: string): Promise<InputFileFacts | undefined>;
  /**
   * Every regular file below a folder, paths relative to it with forward slashes, in code-unit order; links are not
   * followed.
   * @throws FILE_MISSING when there is no such folder
   */
  below(folder: string): readonly string[];
}
