/**
 * The names of the fields that count of a configuration in the older style: `identityFields` (or `_identity_fields`) of the
 * object or its class. All others never count.
 * @returns undefined when it declares none: whatever is read counts
 */
export function identityFieldsOf(configuration: unknown): ReadonlySet<string> | undefined {
  if (typeof configuration !== "object" || configuration === null) return undefined;
  const own = configuration as Readonly<Record<string, unknown>>;
  const type = configuration.constructor as unknown as Readonly<Record<string, unknown>>;
  for (const name of ["identityFields", "_identity_fields"])
    for (const holder of [own, type]) {
      const fields = holder?.[name];
      if (Array.isArray(fields)) return new Set(fields.map(String));
    }
  return undefined;
}
