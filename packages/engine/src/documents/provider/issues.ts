import { z } from "zod";
import { type DeclarationPath, type DeclarationProblem, problem } from "../../core/diagnostic/problem.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";

type Issue = z.core.$ZodIssue;

/**
 * What a schema finds wrong, each with its path: unknown keys and constraints with the nearest known names, and of a part
 * that may have several forms what is wrong with the form that it most resembles.
 */
export function schemaProblems(issues: readonly Issue[], checked: Checked): readonly DeclarationProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, checked));
}

/** A value and the schema it was held to. */
export interface Checked {
  readonly schema: z.ZodType;
  readonly value: unknown;
}

function problemsOf(issue: Issue, checked: Checked): readonly DeclarationProblem[] {
  const path = issue.path as DeclarationPath;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, path, checked));
  if (issue.code !== "invalid_union") return [problem(messageOf(issue, valueAt(checked.value, path)), path)];
  const discriminator = "discriminator" in issue ? issue.discriminator : undefined;
  if (discriminator !== undefined) return [unknownKind(path, checked)];
  return closest(issue.errors, valueAt(checked.value, path)).flatMap((inner) =>
    problemsOf({ ...inner, path: [...issue.path, ...inner.path] } as Issue, checked),
  );
}

/** Of a union's branches the one that says least against the value, and nothing against its kind. */
function closest(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] {
  const againstKind = (branch: readonly Issue[]): number =>
    branch.some(({ code, path }) => code === "invalid_type" && path.length === 0) ? 1 : 0;
  const [best = []] = [...branches].sort((a, b) => againstKind(a) - againstKind(b) || a.length - b.length);
  return againstKind(best) === 0 ? best : [{ ...best[0], message: expectedForms(branches, value) } as Issue];
}

function expectedForms(branches: readonly (readonly Issue[])[], value: unknown): string {
  const expected = branches.flatMap((branch) =>
    branch.flatMap((issue) => (issue.code === "invalid_type" ? [issue.expected] : [])),
  );
  return `expected ${[...new Set(expected)].join(" or ")}, got ${kindOf(value)}`;
}

function messageOf(issue: Issue, value: unknown): string {
  if (issue.code !== "invalid_type") return issue.message.replace(/^Invalid \w+: /, "");
  if (issue.message.startsWith("expected")) return `${issue.message}${quotes(issue, value)}`;
  if (value === undefined) return `it is missing (${issue.expected})`;
  return `expected ${issue.expected}, got ${kindOf(value)}${quotes(issue, value)}`;
}

function quotes(issue: Issue & { readonly code: "invalid_type" }, value: unknown): string {
  const isText = issue.expected === "string" || issue.message.includes("string");
  return isText && (typeof value === "number" || typeof value === "boolean") ? "; write it in quotes" : "";
}

function kindOf(value: unknown): string {
  if (value === null) return "nothing";
  return Array.isArray(value) ? "array" : typeof value;
}

// allow-parameters: what, where, and in what
function unknownKey(key: string, path: DeclarationPath, { schema, value }: Checked): DeclarationProblem {
  const known = keysAt(schema, path, value);
  const near = nearestNames(key, known);
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `known are ${known.join(", ")}`;
  return problem(`unknown key "${key}"; ${hint}`, [...path, key]);
}

function unknownKind(path: DeclarationPath, { schema, value }: Checked): DeclarationProblem {
  const kind = valueAt(value, path);
  const kinds = kindsOf(schemaAt(schema, path.slice(0, -1), value));
  if (kind === undefined) return problem(`it has no kind; known are ${kinds.join(", ")}`, path.slice(0, -1));
  const near = typeof kind === "string" ? nearestNames(kind, kinds) : [];
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `known are ${kinds.join(", ")}`;
  return problem(`there is no constraint ${JSON.stringify(kind)}; ${hint}`, path);
}

function valueAt(value: unknown, path: DeclarationPath): unknown {
  return path.reduce<unknown>(
    (at, segment) => (at as Readonly<Record<string, unknown>> | undefined | null)?.[segment],
    value,
  );
}

// allow-parameters: a look-up of a path in a schema and its value
function keysAt(schema: z.ZodType, path: DeclarationPath, value: unknown): readonly string[] {
  const found = schemaAt(schema, path, value);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

/** The schema of a part, unwrapped; of alternatives the one for the value's kind. */
// allow-parameters: a look-up of a path in a schema and its value
function schemaAt(schema: z.ZodType, path: DeclarationPath, value: unknown): z.ZodType {
  let at = chosen(schema, value);
  let part = value;
  for (const segment of path) {
    part = valueAt(part, [segment]);
    if (at instanceof z.ZodObject) at = at.shape[segment] as z.ZodType;
    else if (at instanceof z.ZodArray) at = at.element as z.ZodType;
    else if (at instanceof z.ZodRecord) at = at.valueType as z.ZodType;
    at = chosen(at, part);
  }
  return at;
}

function chosen(schema: z.ZodType, value: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional) return chosen(schema.unwrap() as z.ZodType, value);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const kind = valueAt(value, ["kind"]);
    const options = schema.options as readonly z.ZodObject[];
    return options.find((option) => kindsOf(option).includes(String(kind))) ?? schema;
  }
  if (!(schema instanceof z.ZodUnion)) return schema;
  const options = (schema.options as readonly z.ZodType[]).map((option) => chosen(option, value));
  return options.find((option) => option instanceof z.ZodArray === Array.isArray(value)) ?? schema;
}

function kindsOf(schema: z.ZodType): readonly string[] {
  if (schema instanceof z.ZodDiscriminatedUnion)
    return (schema.options as readonly z.ZodType[]).flatMap(kindsOf);
  const kind = schema instanceof z.ZodObject ? (schema.shape["kind"] as z.ZodType) : undefined;
  return kind instanceof z.ZodLiteral ? [...kind.values].map(String) : [];
}
