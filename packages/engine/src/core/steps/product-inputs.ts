import type { Ingredients, Output, Provenance } from "./action.ts";
import type { CodeFacts } from "./code-facts.ts";
import { reasonText } from "./explanation.ts";

/** A requirement as it was when a product was made. */
export interface RequirementUsed {
  readonly product: string;
  readonly digest: string;
  /** Of the run that made it; undefined when that is no longer on record, and for what was saved from outside. */
  readonly key: string | undefined;
}

/** What a stored product was made of. */
export interface ProductInputs {
  readonly step: string;
  readonly output: Output;
  readonly key: string;
  /** Without what of the code and the requirements is told apart. */
  readonly ingredients: Omit<Ingredients, "code" | "requires">;
  /** The step's version, or what its code was; a digest alone where the rest is not on record. */
  readonly code: string | CodeFacts;
  readonly requirements: readonly RequirementUsed[];
  readonly provenance: Provenance;
}

const short = (digest: string): string => digest.slice(0, 12);

/** A product's inputs as lines of a name and a text. */
export function inputsText({ output, ...inputs }: ProductInputs): string {
  const { key, step, ingredients, requirements, provenance } = inputs;
  const { files = [], environment = [], captures = [], readings, seed } = ingredients;
  const named = (what: string, each: readonly (readonly [string, string])[]): readonly Line[] =>
    each.map(([name, text]) => [what, `${name} = ${/^[0-9a-f]{64}$/.test(text) ? short(text) : text}`]);
  const lines: readonly Line[] = [
    ["product", `${output.product}: ${output.codec}, ${output.bytes} bytes, digest ${short(output.digest)}`],
    ["step", step],
    ["made", `${provenance.at} in ${provenance.durationMs} ms, key ${short(key)}`],
    ...provenance.reasons.map((reason): Line => ["because", reasonText(reason)]),
    ...readings.map(([path, kind, seen]): Line => ["configuration", readingText(path, kind, seen)]),
    ...requirements.map((each): Line => ["requirement", requirementText(each)]),
    ...named("file", files),
    ...named("environment", environment),
    ...named("captured", captures),
    ...(seed === undefined ? [] : [["seed", seed] as const]),
    ...codeLines(inputs.code),
  ];
  return lines.map(([what, text]) => `${what.padEnd(13)}  ${text}`).join("\n");
}

type Line = readonly [what: string, text: string];

// allow-parameters: the three parts of a reading
function readingText(path: string, kind: string, seen: string): string {
  const name = path === "" ? "(the whole)" : path;
  return kind === "value"
    ? `${name} = ${seen}`
    : `${name} ${kind === "has" ? "is there" : "has keys"}: ${seen}`;
}

function requirementText({ product, digest, key }: RequirementUsed): string {
  return `${product} with digest ${short(digest)}${key === undefined ? "" : `, made under key ${short(key)}`}`;
}

function codeLines(code: ProductInputs["code"]): readonly Line[] {
  if (typeof code === "string") return [["code", code.startsWith("version:") ? code : short(code)]];
  return [
    ...code.functions.map(({ name, file, digest }): Line => ["code", `${name} (${file}) ${short(digest)}`]),
    ...code.packages.map(({ name, version }): Line => ["package", `${name} ${version}`]),
  ];
}
