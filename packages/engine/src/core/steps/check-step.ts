import { AlmanacError } from "../errors.ts";
import type { Step } from "./step.ts";

const knownOptions: ReadonlySet<string> = new Set([
  "produces",
  "requires",
  "run",
  "item",
  "over",
  "itemName",
  "uses",
  "version",
  "captures",
  "files",
  "environment",
  "seed",
  "retries",
  "codecs",
  "checkpoints",
  "freshness",
]);

/** The names that a function takes out of its first argument, by its text; undefined when the text does not show them. */
export type ArgumentsOf = (source: string) => readonly string[] | undefined;

/**
 * Checks what can be seen of one step alone: names, options, and that its function takes nothing but the configuration
 * and what it requires.
 * @param argumentsOf gives `destructuredNames` of a text
 * @throws PIPELINE_INVALID saying what is wrong
 */
export function checkStep(step: Step, argumentsOf: ArgumentsOf): void {
  const { id, kind, run } = step;
  if (typeof id !== "string" || id === "") throw wrong("a step has no name", 'name it: .step("mesh", { … })');
  checkName(id, `a step`);
  checkProducts(step);
  checkOptions(step);
  if (kind !== "input" && typeof run !== "function")
    throw wrong(`step "${id}" has no function`, "give it one: run: ({ config }) => …");
  if (run !== undefined) checkArguments(step, argumentsOf(run.toString()));
}

/** Names are shown, and are members of objects. */
function checkName(name: string, of: string): void {
  const fault = /\p{Cc}|\p{Cs}/u.test(name)
    ? "characters that cannot be shown"
    : name.trim() !== name
      ? "blanks around it"
      : name === "__proto__"
        ? "a meaning of its own in JavaScript"
        : name.length > longestName
          ? `${name.length} characters, more than ${longestName}`
          : undefined;
  if (fault === undefined) return;
  throw wrong(`the name ${JSON.stringify(name.slice(0, 60))} of ${of} has ${fault}`, "give it another name");
}

const longestName = 500;

function checkProducts({ id, kind, produces, requires }: Step): void {
  for (const name of [...produces, ...requires])
    if (typeof name !== "string" || name === "")
      throw wrong(`step "${id}" has a product without a name`, "give each product a name");
  for (const name of produces) checkName(name, `a product of step "${id}"`);
  const twice = produces.find((name, at) => produces.indexOf(name) !== at);
  if (twice !== undefined) throw wrong(`step "${id}" produces "${twice}" twice`, "name each product once");
  if (requires.includes("config") || (kind === "map" && requires.includes("item")))
    throw wrong(
      `step "${id}" requires a product with the name of an argument`,
      'call no product "config", nor "item" in a map step',
    );
}

function checkOptions(step: Step): void {
  const { id, options } = step;
  const unknown = Object.keys(options).find((name) => !knownOptions.has(name) && !isOwnName(step, name));
  if (unknown !== undefined)
    throw wrong(
      `step "${id}" has an option "${unknown}" that there is not`,
      `options: ${[...knownOptions].join(", ")}`,
    );
  const { retries = 0, codecs = {} } = options;
  const stranger = Object.keys(codecs).find((name) => !step.produces.includes(name));
  if (stranger !== undefined)
    throw wrong(
      `step "${id}" has a codec for "${stranger}", which it does not produce`,
      `it produces ${step.produces.join(", ") || "nothing"}`,
    );
  if (!Number.isSafeInteger(retries) || retries < 0)
    throw wrong(
      `step "${id}" is to be tried again ${String(retries)} times`,
      "give a whole number: retries: 2",
    );
}

/** The options of a step given in a list are the step as it was given, its name among them. */
function isOwnName({ id, options }: Step, name: string): boolean {
  return name === "id" && (options as { readonly id?: unknown }).id === id;
}

function checkArguments({ id, kind, requires, over }: Step, names: ReturnType<ArgumentsOf>): void {
  const isAllowed = (name: string): boolean =>
    name === "config" ||
    (kind === "map" && (name === "item" || name === over) ? name === "item" : requires.includes(name));
  const stranger = names?.find((name) => !isAllowed(name));
  if (stranger === undefined) return;
  const allowed = [
    "config",
    ...requires.filter((name) => name !== over),
    ...(kind === "map" ? ["item"] : []),
  ];
  throw wrong(
    `step "${id}" takes an argument "${stranger}" that it does not require`,
    `arguments are ${allowed.join(", ")}; add "${stranger}" to requires, or take it from elsewhere`,
  );
}

function wrong(message: string, hint: string): AlmanacError {
  return new AlmanacError("PIPELINE_INVALID", message, { hint });
}
