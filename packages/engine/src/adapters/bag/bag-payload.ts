import type { BagTags } from "./bag-tags.ts";

/** A file that manifests list, and what is there of it. */
export interface ListedFile {
  /** As the manifests spell it. */
  readonly path: string;
  /** Where it is: the same, or another form of Unicode that a file system or an archive made of it. */
  readonly at: string | undefined;
  readonly sizeBytes: number | undefined;
  /** Where it could be fetched from. */
  readonly fetch: BagTags["fetch"][number] | undefined;
}

/** Every file that a manifest of the payload lists, once, in the order of the manifests. */
export function listedPayload({ tree, manifests, fetch }: BagTags): readonly ListedFile[] {
  const sources = new Map(fetch.map((entry) => [entry.path, entry]));
  const place = placesIn(tree.files.keys());
  const paths = new Set(
    manifests.flatMap(({ of, entries }) => (of === "payload" ? [...entries.keys()] : [])),
  );
  return [...paths].map((path) => {
    const at = place(path);
    return {
      ...{ path, at },
      sizeBytes: at === undefined ? undefined : tree.files.get(at),
      fetch: sources.get(path),
    };
  });
}

/** Finds files under the spelling asked for, else under another form of Unicode. */
export function placesIn(paths: Iterable<string>): (path: string) => string | undefined {
  const exact = new Set<string>();
  const normal = new Map<string, string>();
  for (const path of paths) {
    exact.add(path);
    normal.set(path.normalize("NFC"), path);
  }
  return (path) => (exact.has(path) ? path : normal.get(path.normalize("NFC")));
}

/** True when what is there has another size than the list of files to fetch says. */
export function hasWrongSize({ sizeBytes, fetch }: ListedFile): boolean {
  return sizeBytes !== undefined && fetch?.sizeBytes !== undefined && fetch.sizeBytes !== sizeBytes;
}
