/** What a step depends on outside of the pipeline: files and facts of the environment. */
export interface StepInputs {
  /**
   * Digest of a file's bytes, or of a folder's names and bytes. A digest is remembered as long as device, inode, size and
   * times of the file stay and are not too recent to trust.
   * @param path relative paths are from the working directory
   * @returns `absent` when there is none
   * @throws FILE_UNREADABLE when it cannot be read
   */
  digest(path: string): Promise<string>;
  /** Value of an environment variable, or `node`, `platform`, `arch`; `absent` when it is not set. */
  environment(name: string): string;
}
