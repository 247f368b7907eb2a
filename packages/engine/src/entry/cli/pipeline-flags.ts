import type { Command } from "commander";
import { AlmanacError } from "../../core/errors.ts";
import type { WorkflowRunner } from "../library/workflow-runner.ts";
import type { CommandContext } from "./command.ts";

/** Options of every command that works with a pipeline. */
export interface PipelineFlags {
  readonly pipeline?: string;
  readonly products?: string;
  /** `false` with `--no-shared`. */
  readonly shared?: string | false;
  readonly sharedReadOnly?: boolean;
  readonly sharedRequired?: boolean;
  readonly set?: readonly string[];
}

/** A runner of whatever products a module has. */
export type AnyRunner = WorkflowRunner<unknown, Readonly<Record<string, unknown>>>;

/** Adds `--pipeline`, `--products`, `--shared` with what belongs to it, and `--set`. */
export function withPipeline(command: Command): Command {
  return command
    .option("--pipeline <file>", "module that exports the pipeline (default: pipeline.ts, .js or .mjs here)")
    .option("--products <folder>", "where products are kept (default: products beside the module)")
    .option(
      "--shared <folder>",
      "products shared with others: looked up after the own ones, and given new ones (default: the module's export shared)",
    )
    .option("--no-shared", "own products only")
    .option("--shared-read-only", "take shared products, leave none")
    .option("--shared-required", "shared products that cannot be reached are an error")
    .option("--set <path=value...>", "configuration values, as JSON or text: mesh.size=0.1");
}

/** Opens the runner of the module that the flags name. @throws PIPELINE_INVALID, CONFIG_INVALID, USAGE */
export async function openRunner({ terminal }: CommandContext, flags: PipelineFlags): Promise<AnyRunner> {
  const { loadPipeline } = await import("../load-pipeline.ts");
  const { WorkflowRunner: Runner } = await import("../library/workflow-runner.ts");
  const { configurationOf } = await import("../open-runner.ts");
  const place = {
    ...{ cwd: terminal.cwd, file: flags.pipeline, products: flags.products, shared: sharedOf(flags) },
    sharing: { readOnly: flags.sharedReadOnly === true, required: flags.sharedRequired === true },
  };
  const { pipeline, config, store } = await loadPipeline(place);
  const configuration = withSettings(configurationOf(pipeline.options.config, config), flags.set ?? []);
  return new Runner(pipeline, configuration as object, store) as unknown as AnyRunner;
}

/** Commander says `true` where `--no-shared` was not given. */
function sharedOf({ shared }: PipelineFlags): string | false | undefined {
  return (shared as string | boolean | undefined) === true ? undefined : shared;
}

/** A configuration with values put in; the original stays. @throws USAGE when a setting is no `path=value` or its path leads nowhere */
export function withSettings(configuration: unknown, settings: readonly string[]): unknown {
  return settings.reduce<unknown>((before, setting) => {
    const at = setting.indexOf("=");
    if (at <= 0)
      throw new AlmanacError("USAGE", `"${setting}" is no setting`, { hint: "write --set path=value" });
    return put(before, {
      path: setting.slice(0, at).split("."),
      value: setting.slice(at + 1),
      setting,
    });
  }, configuration);
}

interface Put {
  readonly path: readonly string[];
  /** As it was written. */
  readonly value: string;
  readonly setting: string;
}

/** What every object has is no setting. */
function hasMember(holder: object, name: string): boolean {
  return Object.hasOwn(holder, name) || (name in holder && !(name in Object.prototype));
}

function put(holder: unknown, { path, value, setting }: Put): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return fitting(holder, value, setting);
  if (typeof holder !== "object" || holder === null || !hasMember(holder, name))
    throw new AlmanacError("USAGE", `--set ${setting}: the configuration has no "${name}"`, {
      hint:
        typeof holder === "object" && holder !== null
          ? `there is: ${Object.keys(holder).join(", ")}`
          : `${JSON.stringify(holder)} has no members: name the path of a value`,
    });
  const member: unknown = Reflect.get(holder, name);
  const changed = put(member, { path: rest, value, setting });
  if (Array.isArray(holder)) return holder.with(Number(name), changed);
  const copy: object = Object.create(
    Object.getPrototypeOf(holder) as object | null,
    Object.getOwnPropertyDescriptors(holder),
  ) as object;
  Reflect.defineProperty(copy, name, {
    value: changed,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

/** The value that is meant: JSON; other text where a text or nothing is now. */
// allow-parameters: what is there, what was written, and as part of what
function fitting(present: unknown, text: string, setting: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (present === undefined || present === null || typeof present === "string") return text;
    throw new AlmanacError("USAGE", `--set ${setting}: a ${typeof present} is there, and this is none`, {
      hint: `it is ${JSON.stringify(present)} now; if text is meant, quote it as JSON: '"${text}"'`,
      cause: error,
    });
  }
}
