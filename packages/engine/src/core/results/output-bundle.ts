import type { Json } from "../json.ts";
import { executionBundleNames } from "./bundle-names.ts";
import { isJsonObject, type JsonObject, shortJson, withoutMembers } from "./json-object.ts";
import { jsonPath, type PathPart, type Problem, type Reading } from "./problem.ts";
import { textDimensions } from "./result-fields.ts";
import type { Dimensions } from "./value.ts";

/** Sections of an output bundle that name files. */
export const outputSections = ["data", "plots", "html", "diagnostics"] as const;

/** One of the sections that name files; `metrics` is another word for `diagnostics`. */
export type OutputSection = (typeof outputSections)[number];

/** One file that an output bundle names. */
export interface NamedFile {
  readonly section: OutputSection;
  readonly shortName: string;
  /** As written: inside the folder, or absolute. */
  readonly filename: string;
  readonly longName: string;
  readonly description: string;
  readonly dimensions: Dimensions;
  /** JSON path of the file name. */
  readonly path: string;
}

/** A CMEC output bundle. */
export interface OutputBundle {
  /** File to open first. */
  readonly index: string | undefined;
  readonly provenance: JsonObject;
  readonly files: readonly NamedFile[];
  readonly others: JsonObject;
}

/**
 * Checks a parsed `output.json`. `metrics` is accepted for `diagnostics`; sections may be null or absent. All problems
 * are reported at once. Whether the named files exist is not looked at.
 * @source CMEC output bundle, EMDS standards v1
 */
export function readOutputBundle(
  document: unknown,
  file: string = executionBundleNames.output,
): Reading<OutputBundle> {
  const problems: Problem[] = [];
  const note: Note = (path, message) => {
    problems.push({ file, path: jsonPath(path), message });
  };
  if (!isJsonObject(document)) {
    note([], "an output bundle is a JSON object");
    return { problems, warnings: [] };
  }
  const { index, provenance } = document;
  if (typeof index !== "string" && index !== null && index !== undefined)
    note(["index"], `index is a file name or null, not ${shortJson(index)}`);
  if (!isJsonObject(provenance)) note(["provenance"], "provenance is missing or no object");
  const files = [...outputSections, "metrics" as const].flatMap((member) => {
    const section = document[member] ?? {};
    if (isJsonObject(section)) return readSection(section, { member, note });
    note([member], `${member} is an object of short name → file`);
    return [];
  });
  if (problems.length > 0) return { problems, warnings: [] };
  const value: OutputBundle = {
    index: typeof index === "string" ? index : undefined,
    provenance: isJsonObject(provenance) ? provenance : {},
    files,
    others: withoutMembers(document, ["index", "provenance", "metrics", ...outputSections]),
  };
  return { value, problems, warnings: [] };
}

/** The bundle as a document that other CMEC readers accept. */
export function outputBundleDocument({ index, provenance, files, others }: OutputBundle): JsonObject {
  const sections = outputSections.map((section) => {
    const entries = files
      .filter((file) => file.section === section)
      .map(({ shortName, filename, longName, description, dimensions }) => [
        shortName,
        { filename, long_name: longName, description, dimensions },
      ]);
    return [section, Object.fromEntries(entries) as JsonObject] as const;
  });
  const needed = { environment: {}, modeldata: [], obsdata: [], log: "" };
  return {
    index: index ?? null,
    provenance: { ...needed, ...provenance },
    ...Object.fromEntries(sections),
    ...others,
  };
}

type Note = (path: readonly PathPart[], message: string) => void;

function readSection(
  section: JsonObject,
  { member, note }: { readonly member: OutputSection | "metrics"; readonly note: Note },
): readonly NamedFile[] {
  return Object.entries(section).flatMap(([shortName, entry]) => {
    const place = [member, shortName];
    if (!isJsonObject(entry)) {
      note(place, `a file is described by an object, not ${shortJson(entry)}`);
      return [];
    }
    return [
      {
        section: member === "metrics" ? "diagnostics" : member,
        shortName,
        filename: readText(entry["filename"], { place: [...place, "filename"], note }),
        longName: readText(entry["long_name"] ?? shortName, { place: [...place, "long_name"], note }),
        description: readText(entry["description"] ?? "", { place: [...place, "description"], note }),
        dimensions: textDimensions(entry["dimensions"], (path, message) =>
          note([...place, "dimensions", ...path], message),
        ),
        path: jsonPath([...place, "filename"]),
      },
    ];
  });
}

function readText(
  value: Json | undefined,
  { place, note }: { readonly place: readonly PathPart[]; readonly note: Note },
): string {
  if (typeof value === "string") return value;
  note(place, `a text is expected, not ${value === undefined ? "nothing" : shortJson(value)}`);
  return "";
}
