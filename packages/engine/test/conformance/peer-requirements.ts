import { readFileSync } from "node:fs";
import path from "node:path";
import { builtInSourceTypes } from "../../src/core/catalog/source-types.ts";
import type { Provider } from "../../src/core/diagnostic/diagnostic.ts";
import { parseProviderEntries } from "../../src/documents/provider/parse.ts";
import type { ConstraintEntry, ProviderFile, RequirementEntry } from "../../src/documents/provider/schema.ts";

/** How spellings of one calendar count. */
export type Calendars = "by-meaning" | "by-spelling";

interface PeerConstraint {
  readonly class: string;
  readonly group_by: readonly string[];
  readonly dimension: string;
  readonly required_facets: string | readonly string[];
  readonly operator: "all" | "any";
  readonly facets: Readonly<Record<string, string | readonly string[]>>;
  readonly supplementary_facets: Readonly<Record<string, string | readonly string[]>>;
  readonly matching_facets: readonly string[];
  readonly optional_matching_facets: readonly string[];
  readonly parent_facet_map: Readonly<Record<string, string>>;
  readonly member_facet: string;
  readonly start: Readonly<Record<string, unknown>> | null;
  readonly end: Readonly<Record<string, unknown>> | null;
}

interface PeerRequirement {
  readonly source_type: string;
  readonly filters: readonly Readonly<Record<string, readonly string[]>>[] | null;
  readonly group_by: readonly string[] | null;
  readonly constraints: readonly PeerConstraint[] | null;
}

interface PeerDiagnostic {
  readonly provider: string;
  readonly slug: string;
  readonly name: string;
  readonly version: number;
  readonly facets?: readonly string[];
  readonly or_sets: readonly (readonly PeerRequirement[])[];
}

/** The peer's diagnostics as providers of ours, in their order. */
export function loadPeerProviders(file: string, calendars: Calendars): readonly Provider[] {
  return peerProviderFiles(file, calendars).map((entries) =>
    parseProviderEntries(entries, {
      file: `${entries.slug} of ${file}`,
      folder: path.dirname(file),
      sourceTypes: openedTypes,
    }),
  );
}

/** In the peers' catalogs every file has been opened: facets of headers are as good as those of paths. */
const openedTypes = Object.values(builtInSourceTypes).map((type) => ({
  ...type,
  facets: type.facets.map((facet) => ({ ...facet, origin: "path" as const })),
}));

/** The peer's diagnostics as data files that declare providers. */
export function peerProviderFiles(file: string, calendars: Calendars): readonly ProviderFile[] {
  const diagnostics = JSON.parse(readFileSync(file, "utf8")) as readonly PeerDiagnostic[];
  const byProvider = Map.groupBy(diagnostics, ({ provider }) => provider);
  return [...byProvider].map(([slug, ofProvider]) => ({
    formatVersion: 1,
    slug,
    version: "1",
    diagnostics: ofProvider.map((peer) => ({
      slug: peer.slug,
      name: peer.name,
      version: peer.version,
      facets: [...(peer.facets ?? [])],
      requirementSets: peer.or_sets.map((set) => set.map((each) => requirementOf(each, calendars))),
      command: ["true"],
    })),
  }));
}

function requirementOf(peer: PeerRequirement, calendars: Calendars): RequirementEntry {
  return {
    sourceType: peer.source_type,
    filters: (peer.filters ?? []).map(listed),
    groupBy: [...(peer.group_by ?? [])],
    constraints: (peer.constraints ?? []).map((each) => constraintOf(each, calendars)),
  };
}

const converters: Readonly<Record<string, (peer: PeerConstraint, calendars: Calendars) => ConstraintEntry>> =
  {
    RequireFacets: (peer) => ({
      kind: "requireFacets",
      facet: peer.dimension,
      values: [peer.required_facets].flat(),
      match: peer.operator,
      groupBy: groupByOf(peer),
    }),
    IgnoreFacets: (peer) => ({ kind: "ignoreFacets", facets: listed(peer.facets) }),
    AddSupplementaryDataset: (peer) => ({
      kind: "addSupplementary",
      facets: listed(peer.supplementary_facets),
      matching: [...peer.matching_facets],
      optional: [...peer.optional_matching_facets],
    }),
    AddParentDataset: (peer) => ({ kind: "addParent", map: { ...peer.parent_facet_map } }),
    RequireTimerange: (peer, calendars) => ({
      kind: "requireTimerange",
      groupBy: groupByOf(peer),
      calendars,
      ...limit("start", peer),
      ...limit("end", peer),
    }),
    RequireContiguousTimerange: (peer, calendars) => ({
      kind: "requireContiguousTimerange",
      groupBy: groupByOf(peer),
      calendars,
    }),
    RequireOverlappingTimerange: (peer) => ({
      kind: "requireOverlappingTimerange",
      groupBy: groupByOf(peer),
    }),
    SelectFirstMember: (peer) => ({
      kind: "selectFirstMember",
      facet: peer.member_facet,
      groupBy: groupByOf(peer),
    }),
  };

function constraintOf(peer: PeerConstraint, calendars: Calendars): ConstraintEntry {
  const convert = converters[peer.class];
  if (convert === undefined) throw new Error(`no constraint for the peer's ${peer.class}`);
  return convert(peer, calendars);
}

function groupByOf({ group_by }: PeerConstraint): string[] {
  return [...(group_by ?? [])];
}

function listed(values: Readonly<Record<string, string | readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(values).map(([facet, value]) => [facet, typeof value === "string" ? [value] : [...value]]),
  );
}

function limit(which: "start" | "end", peer: PeerConstraint): { readonly [which]?: Record<string, number> } {
  const given = Object.entries(peer[which] ?? {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return given.length === 0 ? {} : { [which]: Object.fromEntries(given) };
}
