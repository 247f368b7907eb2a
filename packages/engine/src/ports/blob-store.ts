/** Something that a blob store holds. */
export interface BlobEntry {
  readonly name: string;
  readonly bytes: number;
}

/** What is put: bytes, or a file of this machine. */
export type BlobContent = { readonly bytes: Uint8Array } | { readonly file: string };

/** Part of a blob: `start` to before `end`. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Bytes under names, here or far away: a folder, memory, an object store. Names are parts joined by `/`; a part is letters, digits,
 * `-`, `_` and `.`, and does not begin with a dot. What is read is not verified: who asks knows the digest.
 */
export interface BlobStore {
  /** For people: the folder, or what else it is. */
  readonly place: string;
  /**
   * Stores content under a name: whole or not at all, and kept over a loss of power. What the name had is replaced.
   * @param sha256 digest of the content, verified on its way
   * @throws ARTIFACT_INVALID when the content is something else; STORE_UNAVAILABLE, DISK_FULL
   */
  put(name: string, content: BlobContent, sha256: string): Promise<void>;
  /** All bytes; undefined when there is no such blob. @throws STORE_UNAVAILABLE */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Some bytes, fewer at the end; undefined when there is no such blob. @throws STORE_UNAVAILABLE */
  range(name: string, span: ByteSpan): Promise<Uint8Array | undefined>;
  /**
   * What is stored under names that begin with a prefix, in no order.
   * @param prefix ends with `/`, or is a whole name
   * @throws STORE_UNAVAILABLE, also when the store itself is not there
   */
  list(prefix: string): AsyncIterable<BlobEntry>;
  /** Removes a blob; none: no effect. @throws STORE_UNAVAILABLE */
  delete(name: string): Promise<void>;
}
