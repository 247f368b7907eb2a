import { sourceTypeProblems } from "../core/catalog/check-source-type.ts";
import { type OwnSourceType, ownSourceType } from "../core/catalog/own-source-type.ts";
import { type SourceTypes, sourceTypesWith } from "../core/catalog/source-types.ts";
import { AlmanacError } from "../core/errors.ts";
import type { ProjectSettings } from "./project-settings.ts";

/**
 * The source types of a project: those that come with Almanac and those that its configuration declares.
 * @throws CONFIG_INVALID with all problems of all declarations
 */
export function projectSourceTypes({
  settings,
  configFile,
}: Pick<ProjectSettings, "settings" | "configFile">): SourceTypes {
  const { types } = settings.datasets;
  const known = sourceTypesWith([]).all.map(({ name }) => name);
  const problems = types.flatMap((own, at) => {
    const before = types.slice(0, at).map(({ name }) => name);
    return sourceTypeProblems(own, [...known, ...before]).map(
      (problem) => `datasets.types[${at}] "${own.name}": ${problem}`,
    );
  });
  if (problems.length > 0)
    throw new AlmanacError("CONFIG_INVALID", [`${configFile} is wrong:`, ...problems].join("\n  "), {
      hint: "docs/datasets.md says how a source type is declared; almanac datasets types --path FILE tries one",
      facts: { file: configFile, problems },
    });
  return sourceTypesWith(types.map((own) => ownSourceType(guarded(own))));
}

/** A declaration whose functions, where they throw, are named as what threw. */
function guarded(own: OwnSourceType): OwnSourceType {
  const { readPath, readHeader } = own;
  return {
    ...own,
    ...(readPath === undefined
      ? {}
      : { readPath: (path) => called(own.name, () => readPath(path), `readPath of ${path}`) }),
    ...(readHeader === undefined
      ? {}
      : { readHeader: (header) => called(own.name, () => readHeader(header), "readHeader") }),
  };
}

// allow-parameters: whose function, which and what for is what the message says
function called<T>(name: string, call: () => T, what: string): T {
  try {
    return call();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AlmanacError(
      "CONFIG_INVALID",
      `the source type "${name}" cannot be used: ${what} threw: ${why}`,
      {
        hint: "correct the function in datasets.types of the configuration",
        facts: { sourceType: name },
        cause,
      },
    );
  }
}
