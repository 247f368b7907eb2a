import type { DeclarationPath } from "../../core/diagnostic/problem.ts";
import { AlmanacError } from "../../core/errors.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import { schemaProblems } from "../../documents/provider/issues.ts";
import { pathText } from "../../documents/provider/problem-lines.ts";
import type { ConfigSource } from "./read.ts";
import { defaultSettings, type Settings, settingsSchema } from "./settings.ts";

/** Where a setting's value came from. */
export type Origin = "flag" | "environment" | "file" | "default";

/** One setting with its value and where it came from. */
export interface SettingOrigin {
  /** Dotted, such as `executor.jobs`. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
  /** The file or variable. */
  readonly from: string;
}

/** Settings with the origin of each. */
export interface ResolvedSettings {
  readonly settings: Settings;
  readonly origins: readonly SettingOrigin[];
}

/** What settings are made from, strongest first. */
export interface SettingSources {
  /** Dotted key → value. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigSource | undefined;
}

const sections = Object.keys(defaultSettings) as (keyof Settings)[];

/** All dotted keys there are. */
export const settingKeys: readonly string[] = sections.flatMap((section) =>
  Object.keys(defaultSettings[section]).map((key) => `${section}.${key}`),
);

/**
 * Applies precedence: flag > environment `ALMANAC_SECTION__KEY` > file > default.
 * @throws CONFIG_INVALID naming every unknown key and wrong value at once, with line and column in the file
 */
export function resolveSettings(sources: SettingSources): ResolvedSettings {
  const problems = sources.file === undefined ? [] : fileProblems(sources.file);
  const found = settingKeys.map((key) => locate(key, sources));
  const settings = nest(found);
  problems.push(...valueProblems(settings, found));
  if (problems.length > 0)
    throw new AlmanacError("CONFIG_INVALID", ["the configuration is wrong:", ...problems].join("\n  "), {
      hint: "almanac config list --origin shows what is known",
    });
  return { settings: settings as unknown as Settings, origins: found };
}

/**
 * Environment variable of a setting.
 * @param key dotted
 * @example settingVariable("publish.keepScratch") === "ALMANAC_PUBLISH__KEEP_SCRATCH"
 */
export function settingVariable(key: string): string {
  const words = key.replace(".", "__").replace(/[A-Z]/g, (upper) => `_${upper}`);
  return `ALMANAC_${words}`.toUpperCase();
}

function locate(key: string, sources: SettingSources): SettingOrigin {
  const [section, name] = key.split(".") as [keyof Settings, string];
  const variable = settingVariable(key);
  const inFile = (sources.file?.value as Record<string, Record<string, unknown>> | undefined)?.[section]?.[
    name
  ];
  if (sources.flags[key] !== undefined)
    return { key, value: sources.flags[key], origin: "flag", from: "command line" };
  const text = sources.environment[variable];
  if (text !== undefined) return { key, value: fromText(key, text), origin: "environment", from: variable };
  if (inFile !== undefined) return { key, value: inFile, origin: "file", from: sources.file?.file ?? "" };
  const value = (defaultSettings[section] as Record<string, unknown>)[name];
  return { key, value, origin: "default", from: "" };
}

/** A variable's text as the setting's type; lists are separated by commas. */
function fromText(key: string, text: string): unknown {
  if (key === "providers.modules") return text.split(",").filter((part) => part !== "");
  const [section, name] = key.split(".") as [keyof Settings, string];
  const byDefault = (defaultSettings[section] as Record<string, unknown>)[name];
  return typeof byDefault === "number" ? Number(text) : text;
}

function nest(found: readonly SettingOrigin[]): Record<string, Record<string, unknown>> {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const { key, value } of found) {
    const [section, name] = key.split(".") as [string, string];
    (settings[section] ??= {})[name] = value;
  }
  return settings;
}

function valueProblems(settings: object, found: readonly SettingOrigin[]): string[] {
  const { executor, ...others } = settings as { readonly executor: { readonly jobs?: unknown } };
  const { jobs, ...ofExecutor } = executor;
  const byCpu = jobs === 0 ? ofExecutor : executor;
  const value = { ...others, executor: byCpu };
  const issues = settingsSchema.safeParse(value).error?.issues ?? [];
  const whole = issues.filter(({ path }) => path.length <= settingDepth);
  const within = issues.filter(({ path }) => path.length > settingDepth);
  const originOf = (path: DeclarationPath): SettingOrigin | undefined =>
    found.find(({ key }) => key === path.slice(0, settingDepth).join("."));
  const said = (path: DeclarationPath, message: string): string => {
    const { origin = "file", from = "" } = originOf(path) ?? {};
    return `${pathText(path)} (${origin} ${from}): ${message}`;
  };
  return [
    ...whole.map(({ path, message }) => {
      const place = path as DeclarationPath;
      return said(place, `${message}, got ${JSON.stringify(originOf(place)?.value)}`);
    }),
    // Of what lies deeper, such as a declaration in a list, the part that is wrong is told, not all of the list.
    ...schemaProblems(within, { schema: settingsSchema, value }).map(({ path, message }) =>
      said(path, message),
    ),
  ];
}

/** Section and key. */
const settingDepth = 2;

/** Unknown sections and keys of the file, with position and the nearest known one. */
function fileProblems(source: ConfigSource): string[] {
  if (typeof source.value !== "object" || source.value === null) return [`${source.file} holds no object`];
  return Object.entries(source.value).flatMap(([section, keys]) => {
    if (!sections.includes(section as keyof Settings)) return [unknownKey(source, section, sections)];
    if (typeof keys !== "object" || keys === null)
      return [`${position(source, section)}: ${section} must be an object`];
    const known = Object.keys(defaultSettings[section as keyof Settings]);
    return Object.keys(keys)
      .filter((key) => !known.includes(key))
      .map((key) => unknownKey(source, key, known));
  });
}

function unknownKey(source: ConfigSource, key: string, known: readonly string[]): string {
  const close = nearestNames(key, known)[0];
  return `${position(source, key)}: unknown key "${key}"${close === undefined ? "" : `; did you mean "${close}"?`}`;
}

/** `file:line:column` of the first place where the key stands as a key. */
function position({ file, text }: ConfigSource, key: string): string {
  const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const at = text.search(new RegExp(`["']?\\b${escaped}\\b["']?\\s*[:=\\]]`));
  if (at < 0) return file;
  const before = text.slice(0, at).split("\n");
  return `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
