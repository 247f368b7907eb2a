import { AlmanacError, isAlmanacError } from "../errors.ts";
import { sha256Hex } from "../identity/digest.ts";
import type { Json } from "../json.ts";
import {
  applyRecord,
  emptyManifest,
  type ManifestArtifact,
  type ManifestRecord,
  type ManifestState,
  type RegisteredRecord,
} from "./manifest.ts";

/** The record every manifest begins with. */
export const manifestOpening = { record: "opened", formatVersion: 1 } as const satisfies ManifestRecord;

/** A manifest as read. */
export interface Manifest {
  /** What is registered, in order of registration. */
  readonly artifacts: readonly ManifestArtifact[];
  readonly warnings: readonly string[];
  readonly records: readonly ManifestRecord[];
  readonly state: ManifestState;
}

const linePattern = /^\{"check":"([0-9a-f]{16})","record":(.*)\}$/s;
const recordKinds: ReadonlySet<unknown> = new Set([
  "opened",
  "registered",
  "changed",
  "sealed",
  "promoted",
  "uploaded",
  "failed",
]);

/**
 * One manifest line, newline included: `{"check":"<16 hex>","record":<JSON>}`. The check is the first half of the
 * SHA-256 of the record's bytes just as they stand in the line, so that any language can write and check it.
 */
export function appendLine(record: ManifestRecord): string {
  const text = JSON.stringify(record);
  return `{"check":"${checkOf(text)}","record":${text}}\n`;
}

/**
 * Reads a manifest. A torn last line (cut off or failing its check) is dropped and reported as a warning.
 * @throws MANIFEST_INVALID when a line before the last is damaged, a record breaks a rule, or the form is unknown
 */
export function readManifest(text: string): Manifest {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const warnings: string[] = [];
  const records: ManifestRecord[] = [];
  const state = emptyManifest();
  for (const [index, line] of lines.entries()) {
    const record = parseLine(line);
    if (record !== undefined) {
      apply(state, { record, lineNumber: index + 1 });
      records.push(record);
    } else if (index === lines.length - 1) {
      warnings.push(`line ${index + 1} of the manifest is torn and was dropped`);
    } else {
      throw new AlmanacError("MANIFEST_INVALID", `line ${index + 1} of the manifest is damaged`, {
        facts: { line: index + 1, lines: lines.length },
      });
    }
  }
  return { artifacts: [...state.artifacts.values()], warnings, records, state };
}

function parseLine(line: string): ManifestRecord | undefined {
  const [, check, text] = linePattern.exec(line) ?? [];
  if (text === undefined || checkOf(text) !== check) return undefined;
  try {
    return readRecord(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readRecord(value: unknown): ManifestRecord {
  const fields = isRecord(value) ? value : {};
  if (!recordKinds.has(fields["record"]))
    throw new AlmanacError(
      "MANIFEST_INVALID",
      `the manifest has a record of unknown kind ${JSON.stringify(fields["record"])}`,
      {
        hint: "it may come from a newer version of Almanac",
      },
    );
  const path = fields["path"];
  if (fields["record"] !== "opened" && typeof path !== "string")
    throw new AlmanacError("MANIFEST_INVALID", `a "${fields["record"]}" record of the manifest has no path`);
  return fields["record"] === "registered"
    ? completeRegistration(fields, String(path))
    : (fields as unknown as ManifestRecord);
}

/** Members that a writer in another language may leave out get their defaults. */
function completeRegistration(fields: Readonly<Record<string, unknown>>, path: string): RegisteredRecord {
  return {
    record: "registered",
    path,
    name: textOr(fields["name"], path),
    kind: textOr(fields["kind"], "execution-asset"),
    types: Array.isArray(fields["types"]) ? fields["types"].map(String) : [],
    mode: fields["mode"] === "link" || fields["mode"] === "copy" ? fields["mode"] : "write",
    metadata: isRecord(fields["metadata"]) ? (fields["metadata"] as Readonly<Record<string, Json>>) : {},
    description: textOr(fields["description"], ""),
    keepOnFailure: fields["keepOnFailure"] === true,
    ...(fields["replaces"] === true ? { replaces: true } : {}),
  };
}

function apply(
  state: ManifestState,
  { record, lineNumber }: { readonly record: ManifestRecord; readonly lineNumber: number },
): void {
  if (record.record === "opened" && (record.formatVersion as number) !== 1)
    throw new AlmanacError("MANIFEST_INVALID", `the manifest has the unknown form ${record.formatVersion}`, {
      hint: "it comes from a newer version of Almanac",
    });
  try {
    applyRecord(state, record);
  } catch (error) {
    if (!isAlmanacError(error, "ARTIFACT_INVALID")) throw error;
    throw new AlmanacError("MANIFEST_INVALID", `line ${lineNumber} of the manifest: ${error.message}`, {
      facts: { line: lineNumber, ...error.facts },
      cause: error,
    });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function checkOf(text: string): string {
  return sha256Hex(new TextEncoder().encode(text)).slice(0, 16);
}
