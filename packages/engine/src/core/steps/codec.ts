/** A product in stored form: its bytes, and files or folders that belong to it. */
export interface EncodedProduct {
  readonly bytes: Uint8Array;
  /** Further files by relative path; the store copies them. */
  readonly files?: readonly { readonly path: string; readonly from: string }[];
}

/** What a codec may ask for while it decodes. */
export interface DecodeContext {
  /** Another product of the pipeline, such as the mesh that a field lives on. */
  product(name: string): Promise<unknown>;
  /** Where the store keeps a file of this product. */
  file(path: string): string;
}

/**
 * Turns values of one type into bytes and back. `encode` of equal values must give equal bytes: they decide what is
 * stale.
 */
export interface Codec {
  /** Unique; stored with the product. */
  readonly name: string;
  /** True for values of its type: by type alone, never by trying. */
  accepts(value: unknown): boolean;
  encode(value: unknown): EncodedProduct | Promise<EncodedProduct>;
  decode(bytes: Uint8Array, context: DecodeContext): unknown;
}
