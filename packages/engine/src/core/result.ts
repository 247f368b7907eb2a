import type { AlmanacError } from "./errors.ts";

/** The outcome of an operation that may fail in an expected way: a value, or an error that is returned, not thrown. */
export type Result<T, E = AlmanacError> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** Wraps a value as success. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps an error as failure. */
export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}
