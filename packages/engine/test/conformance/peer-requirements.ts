import { readFileSync } from "node:fs";
import type { Constraint } from "../../src/core/diagnostic/constraint.ts";
import { addParent } from "../../src/core/diagnostic/constraints/add-parent.ts";
import { addSupplementary } from "../../src/core/diagnostic/constraints/add-supplementary.ts";
import { requireContiguousTimerange } from "../../src/core/diagnostic/constraints/require-contiguous-timerange.ts";
import { requireFacets } from "../../src/core/diagnostic/constraints/require-facets.ts";
import { requireOverlappingTimerange } from "../../src/core/diagnostic/constraints/require-overlapping-timerange.ts";
import { requireTimerange } from "../../src/core/diagnostic/constraints/require-timerange.ts";
import { selectFirstMember } from "../../src/core/diagnostic/constraints/select-first-member.ts";
import { defineDiagnostic, defineProvider } from "../../src/core/diagnostic/define.ts";
import type { Provider } from "../../src/core/diagnostic/diagnostic.ts";
import type { RequirementInput } from "../../src/core/diagnostic/requirement.ts";
import type { PartialDateTime } from "../../src/core/time/partial-date-time.ts";

/** How spellings of one calendar count. */
export type Calendars = "by-meaning" | "by-spelling";

interface PeerConstraint {
  readonly class: string;
  readonly group_by: readonly string[];
  readonly dimension: string;
  readonly required_facets: readonly string[];
  readonly operator: "all" | "any";
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
  readonly filters: readonly Readonly<Record<string, readonly string[]>>[];
  readonly group_by: readonly string[] | null;
  readonly constraints: readonly PeerConstraint[];
}

interface PeerDiagnostic {
  readonly provider: string;
  readonly slug: string;
  readonly name: string;
  readonly version: number;
  readonly or_sets: readonly (readonly PeerRequirement[])[];
}

/** The peer's diagnostics as providers of ours, in their order. */
export function loadPeerProviders(file: string, calendars: Calendars): readonly Provider[] {
  const diagnostics = JSON.parse(readFileSync(file, "utf8")) as readonly PeerDiagnostic[];
  const byProvider = Map.groupBy(diagnostics, ({ provider }) => provider);
  return [...byProvider].map(([slug, ofProvider]) =>
    defineProvider({
      slug,
      version: "1",
      diagnostics: ofProvider.map((peer) =>
        defineDiagnostic({
          slug: peer.slug,
          name: peer.name,
          version: peer.version,
          requirementSets: peer.or_sets.map((set) => set.map((each) => requirementOf(each, calendars))),
          command: ["true"],
        }),
      ),
    }),
  );
}

function requirementOf(peer: PeerRequirement, calendars: Calendars): RequirementInput {
  return {
    sourceType: peer.source_type,
    filters: peer.filters,
    groupBy: peer.group_by ?? [],
    constraints: peer.constraints.map((each) => constraintOf(each, calendars)),
  };
}

const converters: Readonly<Record<string, (peer: PeerConstraint, calendars: Calendars) => Constraint>> = {
  RequireFacets: (peer) =>
    requireFacets({
      facet: peer.dimension,
      values: peer.required_facets,
      match: peer.operator,
      groupBy: peer.group_by,
    }),
  AddSupplementaryDataset: (peer) =>
    addSupplementary(peer.supplementary_facets, {
      matching: peer.matching_facets,
      optional: peer.optional_matching_facets,
    }),
  AddParentDataset: (peer) => addParent({ map: peer.parent_facet_map }),
  RequireTimerange: (peer, calendars) =>
    requireTimerange({ groupBy: peer.group_by, calendars, ...limit("start", peer), ...limit("end", peer) }),
  RequireContiguousTimerange: (peer, calendars) =>
    requireContiguousTimerange({ groupBy: peer.group_by, calendars }),
  RequireOverlappingTimerange: (peer) => requireOverlappingTimerange({ groupBy: peer.group_by }),
  SelectFirstMember: (peer) => selectFirstMember({ facet: peer.member_facet, groupBy: peer.group_by }),
};

function constraintOf(peer: PeerConstraint, calendars: Calendars): Constraint {
  const convert = converters[peer.class];
  if (convert === undefined) throw new Error(`no constraint for the peer's ${peer.class}`);
  return convert(peer, calendars);
}

function limit(which: "start" | "end", peer: PeerConstraint): { readonly [which]?: PartialDateTime } {
  const given = Object.entries(peer[which] ?? {}).filter(([, value]) => typeof value === "number");
  return given.length === 0 ? {} : { [which]: Object.fromEntries(given) };
}
