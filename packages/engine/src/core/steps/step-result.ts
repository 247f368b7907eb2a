import { AlmanacError } from "../errors.ts";
import type { Step } from "./step.ts";

/**
 * A step's products by name, from what it returned: the bare value for one name; for several an object with exactly these
 * names or a list of exactly this length.
 * @throws STEP_RESULT_INVALID naming the step, what it declared and what it returned
 */
export function productsOf(
  { id, produces }: Step,
  result: unknown,
): readonly (readonly [product: string, value: unknown])[] {
  if (produces.length === 0) return [];
  const [only] = produces;
  if (produces.length === 1 && only !== undefined) return [[only, result]];
  if (Array.isArray(result)) {
    if (result.length === produces.length) return produces.map((name, at) => [name, result[at]]);
    throw wrongResult({ id, produces }, `a list of ${result.length}`);
  }
  if (typeof result !== "object" || result === null) throw wrongResult({ id, produces }, kindOf(result));
  const names = Object.keys(result);
  if (names.length === produces.length && produces.every((name) => Object.hasOwn(result, name)))
    return produces.map((name) => [name, (result as Readonly<Record<string, unknown>>)[name]]);
  throw wrongResult({ id, produces }, `an object with ${names.length === 0 ? "no keys" : names.join(", ")}`);
}

function kindOf(value: unknown): string {
  return value === null ? "null" : value === undefined ? "nothing (undefined)" : `a ${typeof value}`;
}

function wrongResult({ id, produces }: Pick<Step, "id" | "produces">, returned: string): AlmanacError {
  return new AlmanacError(
    "STEP_RESULT_INVALID",
    `step "${id}" produces ${produces.join(", ")} but returned ${returned}`,
    {
      hint: `return { ${produces.join(", ")} }, or a list of ${produces.length} in this order`,
      facts: { step: id, produces, returned },
    },
  );
}
