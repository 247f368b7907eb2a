import type { Rid } from "../core/identity/rid.ts";

/** What keeps a record from being deleted. */
export interface RecordUse {
  /** What is deleted. */
  readonly of: string;
  /** What it is to the user, such as `input of execution`. */
  readonly as: string;
  /** Who uses it: a RID, or the name of what has none. */
  readonly by: string;
}

/** Deleting records, each refused while something depends on it. */
export interface RecordRemoval {
  /**
   * What depends on executions: files, rows and datasets of theirs that others use, wholes and parts. What they are to
   * each other does not count.
   * @returns at most `limit`, so that one more than is shown tells that there are more
   * @throws UNKNOWN_NAME, TRANSITION_REFUSED when one has not ended
   */
  usesOfExecutions(rids: readonly Rid[], limit: number): Promise<readonly RecordUse[]>;
  /**
   * Deletes executions with everything recorded of them, in one transaction, and notes the folders whose files are to go.
   * @throws UNKNOWN_NAME, IN_USE naming the users, TRANSITION_REFUSED when one has not ended
   */
  executions(rids: readonly Rid[]): Promise<void>;
  /** Deletes a file from elsewhere. @throws UNKNOWN_NAME, IN_USE also of a file that an execution made */
  asset(rid: Rid): Promise<void>;
  /** @throws UNKNOWN_NAME, IN_USE */
  workflow(rid: Rid): Promise<void>;
  /** Deletes an authored dataset with its versions. @throws UNKNOWN_NAME, IN_USE */
  dataset(rid: Rid): Promise<void>;
  /** Deletes the declaration of a feature that has no values. @param name `<target>/<name>`; @throws UNKNOWN_NAME, IN_USE */
  feature(name: string): Promise<void>;
  /**
   * Deletes a vocabulary with its terms.
   * @throws UNKNOWN_NAME; IN_USE while columns hold its terms; USAGE when the program itself needs it
   */
  vocabulary(name: string): Promise<void>;
  /** Deletes a record type that has no records. @throws UNKNOWN_NAME; IN_USE also while columns or features name it */
  recordType(name: string): Promise<void>;
  /** Folders of deleted executions whose files may still be there; files of bags, and folders of these, too. */
  pending(): Promise<readonly string[]>;
  /**
   * Removes files of bags unless something refers to them again, and forgets them; nothing is taken over meanwhile.
   * @param path below results, as `pending` gives it
   * @param remove at once
   */
  finishBagFiles(path: string, remove: () => void): Promise<void>;
  /** Forgets a folder whose files are gone. */
  done(fragment: string): Promise<void>;
}
