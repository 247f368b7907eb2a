import type { libraryCalls } from "../../documents/library-calls.ts";

/**
 * Checks what one of the library's functions was called with.
 * @throws USAGE naming each argument that is of another form, with what was given and what it must be
 */
export async function requireArguments(
  method: keyof typeof libraryCalls,
  ...given: readonly unknown[]
): Promise<void> {
  // Only who records runs loads what checks them.
  const [{ callError }, { libraryCalls: forms }] = await Promise.all([
    import("../../documents/call-problems.ts"),
    import("../../documents/library-calls.ts"),
  ]);
  const error = callError({ method, given }, forms[method]);
  if (error !== undefined) throw error;
}
