import type { Constraint } from "../../diagnostic/constraint.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { IgnoreList } from "../options.ts";

/**
 * What decides the groups of a requirement, as text: equal texts have equal groups in equal catalogs.
 * @returns undefined when a constraint is a function without a version: no text says what that does
 */
export function requirementText(
  parts: readonly [
    sourceType: string,
    filters: unknown,
    groupBy: readonly string[],
    constraints: readonly Constraint[],
  ],
): string | undefined {
  return parts[3].every(isKnown) ? JSON.stringify(parts) : undefined;
}

/** What decides the candidates of a diagnostic, as text. */
export function diagnosticText(
  { version, requirementSets, parameters }: Diagnostic,
  ignored: IgnoreList[string][string] | undefined,
): string | undefined {
  const constraints = requirementSets.flat().flatMap((each) => each.constraints);
  return constraints.every(isKnown)
    ? JSON.stringify([version, requirementSets, parameters, ignored ?? {}])
    : undefined;
}

/** The functions of those with a version are left out of JSON. */
function isKnown(constraint: Constraint): boolean {
  return constraint.kind !== "custom" || constraint.version !== undefined;
}
