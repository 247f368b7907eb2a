import { z } from "zod";
import { AlmanacError, isAlmanacError } from "../core/errors.ts";
import type { BagContents, BaggedAsset, BaggedDataset } from "../core/provenance/bag-contents.ts";
import type { AuthoredDataset, FrozenMember } from "../core/records/authored-dataset.ts";
import { datasetSpecText, parseDatasetSpec } from "../core/records/dataset-version.ts";
import { allowedSchema } from "./allowed-records.ts";
import { assetKindSchema, runSchema } from "./definition.ts";
import { parseDocument } from "./document.ts";
import { jsonSchema, ridSchema } from "./shapes.ts";

/** Folder of a bag that holds what it says of its dataset. */
export const bagFolder = "metadata/almanac";

/** Form of what is written now. */
const formatVersion = 1;

const text = z.string();
const values = z.record(text, jsonSchema);
const madeBy = z.exactOptional(ridSchema);

const headSchema = z.object({
  formatVersion: z.literal(formatVersion),
  dataset: ridSchema,
  version: text,
  kinds: z.array(assetKindSchema),
  declared: allowedSchema,
});

const datasetSchema = z.object({
  dataset: z.object({
    ...{ rid: ridSchema, name: text, description: text, types: z.array(text), createdAt: text, madeBy },
    facets: z.record(text, text),
    derivation: z.exactOptional(jsonSchema),
  }),
  version: z.object({
    ...{
      dataset: ridSchema,
      version: text,
      ordinal: z.number(),
      releasedAt: text,
      digest: text,
      notes: text,
    },
    madeBy,
    memberCount: z.number(),
  }),
});

const memberSchema = z.object({
  of: text,
  kind: z.enum(["asset", "record", "dataset"]),
  rid: ridSchema,
  path: z.exactOptional(text),
  checksum: text,
  sizeBytes: z.exactOptional(z.number()),
  version: z.exactOptional(text),
});

const assetSchema = z.object({
  ...{ rid: ridSchema, kind: text, fileName: text, sizeBytes: z.number(), sha256: text, url: text },
  ...{ types: z.array(text), metadata: values, description: text, madeBy, place: text },
  md5: z.exactOptional(text),
});

const recordSchema = z.object({ rid: ridSchema, type: text, execution: ridSchema, values });

const featureSchema = z.object({
  ...{ feature: text, target: ridSchema, execution: ridSchema, at: text, values },
  workflow: z.exactOptional(ridSchema),
});

/** Names of the files inside the folder. */
const files = {
  head: "bag.json",
  datasets: "datasets.jsonl",
  members: "members.jsonl",
  assets: "assets.jsonl",
  records: "records.jsonl",
  features: "features.jsonl",
  executions: "executions.jsonl",
} as const;

/** Paths inside a bag that hold what it says of its dataset. */
export const bagDocuments: readonly string[] = Object.values(files).map((name) => `${bagFolder}/${name}`);

/**
 * Documents of a bag by their paths inside it: one in JSON, and lists with one record a line. Equal contents give equal
 * bytes.
 */
export function writeBagDocuments(contents: BagContents): ReadonlyMap<string, string> {
  const { root, kinds, declared, datasets } = contents;
  const head = { formatVersion, dataset: root.rid, version: root.version, kinds, declared };
  const texts: Readonly<Record<keyof typeof files, string>> = {
    head: `${JSON.stringify(head, null, 1)}\n`,
    datasets: lines(datasets.map(({ dataset, version }) => ({ dataset, version }))),
    members: lines(
      datasets.flatMap(({ dataset: { rid }, version: { version }, members }) =>
        members.map((member) => ({ of: datasetSpecText({ rid, version }), ...member })),
      ),
    ),
    assets: lines(contents.assets),
    records: lines(contents.records),
    features: lines(contents.features),
    executions: lines(contents.executions),
  };
  return new Map(
    Object.entries(files).map(([key, name]) => [`${bagFolder}/${name}`, texts[key as keyof typeof files]]),
  );
}

function lines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/**
 * Reads the documents of a bag, in every form there has been.
 * @param textOf text of a document by its path inside the bag; undefined when it is not there
 * @throws DOCUMENT_INVALID naming file and line of everything that does not parse, or is not there
 */
export function parseBagDocuments(textOf: (path: string) => string | undefined): BagContents {
  const problems: string[] = [];
  const reading: Reading = { textOf, problems };
  const head = attempt(reading, () =>
    parseDocument(required(files.head, reading), { name: files.head, schema: headSchema }),
  );
  const datasets = rows(files.datasets, { ...reading, schema: datasetSchema });
  const members = rows(files.members, { ...reading, schema: memberSchema });
  const contents = {
    datasets: bagged(datasets, members),
    assets: rows(files.assets, { ...reading, schema: assetSchema }).map(assetOf),
    records: rows(files.records, { ...reading, schema: recordSchema }),
    features: rows(files.features, { ...reading, schema: featureSchema }),
    executions: rows(files.executions, { ...reading, schema: runSchema }),
  };
  for (const { of } of members)
    if (parseDatasetSpec(of)?.version === undefined) problems.push(`${files.members}: "${of}" is no version`);
  if (head === undefined || problems.length > 0)
    throw new AlmanacError("DOCUMENT_INVALID", `the bag's documents are not valid: ${shown(problems)}`, {
      facts: { problems },
    });
  return {
    root: { rid: head.dataset, version: head.version },
    kinds: head.kinds,
    declared: head.declared,
    ...contents,
  };
}

interface Reading {
  readonly textOf: (path: string) => string | undefined;
  readonly problems: string[];
}

/** Problems that a message names. */
const namedProblems = 10;

function shown(problems: readonly string[]): string {
  const more = problems.length > namedProblems ? `; and ${problems.length - namedProblems} more` : "";
  return `${problems.slice(0, namedProblems).join("; ")}${more}`;
}

function required(name: string, { textOf }: Reading): string {
  const found = textOf(`${bagFolder}/${name}`);
  if (found === undefined) throw new AlmanacError("DOCUMENT_INVALID", `there is no ${bagFolder}/${name}`);
  return found;
}

function attempt<T>({ problems }: Reading, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isAlmanacError(error, "DOCUMENT_INVALID")) throw error;
    problems.push(error.hint === undefined ? error.message : `${error.message} (${error.hint})`);
    return undefined;
  }
}

function rows<T>(
  name: string,
  { schema, ...reading }: Reading & { readonly schema: z.ZodType<T> },
): readonly T[] {
  const found = attempt(reading, () => required(name, reading));
  return (found ?? "").split("\n").flatMap((line, at) => {
    if (line === "") return [];
    const row = attempt(reading, () => parseDocument(line, { name: `${name}, line ${at + 1},`, schema }));
    return row === undefined ? [] : [row];
  });
}

type DatasetRow = z.infer<typeof datasetSchema>;
type MemberRow = z.infer<typeof memberSchema>;

function bagged(datasets: readonly DatasetRow[], members: readonly MemberRow[]): readonly BaggedDataset[] {
  const byVersion = new Map<string, FrozenMember[]>();
  for (const { of, ...member } of members) {
    const list = byVersion.get(of) ?? [];
    list.push(member);
    byVersion.set(of, list);
  }
  return datasets.map(({ dataset, version }) => ({
    dataset: dataset satisfies Partial<AuthoredDataset>,
    version,
    members: byVersion.get(datasetSpecText({ rid: dataset.rid, version: version.version })) ?? [],
  }));
}

function assetOf({ madeBy: maker, ...asset }: z.infer<typeof assetSchema>): BaggedAsset {
  return { ...asset, madeBy: maker };
}
