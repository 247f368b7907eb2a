import { z } from "zod";

const facet = z.string().min(1);
const facets = z.array(facet);
const facetValues = z
  .record(facet, z.union([z.string(), z.array(z.string())]))
  .describe("Facet → allowed value or values; all listed facets must match");
const groupBy = facets.describe("Facets that split the group; each sub-group is judged for itself");
const calendars = z
  .enum(["by-meaning", "by-spelling"])
  .describe("Whether noleap and 365_day, gregorian and standard are one calendar (default) or two");
const sourceType = z
  .enum(["cmip6", "cmip7"])
  .describe("Whose defaults to take; default: the requirement's source type");

const dateTime = z
  .strictObject({
    year: z.int().min(1).max(9999),
    month: z.int().min(1).max(12),
    day: z.int().min(1).max(31),
    hour: z.int().min(0).max(23),
    minute: z.int().min(0).max(59),
    second: z.int().min(0).max(59),
  })
  .partial()
  .meta({ id: "dateTime" })
  .describe("A date-time of which only some fields are given; compared over these, from year to second");

const requireFacets = z
  .strictObject({
    kind: z.literal("requireFacets"),
    facet,
    values: z.union([z.string(), z.array(z.string()).min(1)]),
    match: z
      .enum(["all", "any"])
      .optional()
      .describe("Whether all (default) or any of the values must occur"),
    groupBy: groupBy.optional(),
  })
  .describe("The group must have all (or any) of some values of a facet");

const ignoreFacets = z
  .strictObject({ kind: z.literal("ignoreFacets"), facets: facetValues })
  .describe("Removes datasets that match all listed facets");

const addSupplementary = z
  .strictObject({
    kind: z.literal("addSupplementary"),
    facets: facetValues,
    sourceType: sourceType.optional(),
    matching: facets.optional().describe("Facets that must be equal to those of a dataset of the group"),
    optional: facets.optional().describe("Facets that should be equal: the best by number are added"),
  })
  .describe("Adds datasets such as cell areas, those that fit best");

const addParent = z
  .strictObject({
    kind: z.literal("addParent"),
    sourceType: sourceType.optional(),
    map: z.record(facet, facet).optional().describe("The parent's facet → the child's facet that names it"),
  })
  .describe("Adds each dataset's parent, such as its control run; a dataset without one is dropped");

const requireTimerange = z
  .strictObject({
    kind: z.literal("requireTimerange"),
    start: dateTime.optional(),
    end: dateTime.optional(),
    groupBy: groupBy.optional(),
    calendars: calendars.optional(),
  })
  .describe("Each sub-group (default: each dataset) must cover a range without a gap");

const requireContiguousTimerange = z
  .strictObject({
    kind: z.literal("requireContiguousTimerange"),
    groupBy: groupBy.optional(),
    calendars: calendars.optional(),
  })
  .describe("No gap between the files of a sub-group (default: of each dataset)");

const requireOverlappingTimerange = z
  .strictObject({ kind: z.literal("requireOverlappingTimerange"), groupBy: groupBy.optional() })
  .describe("The sub-groups (default: the datasets) must have some time in common");

const selectFirstMember = z
  .strictObject({
    kind: z.literal("selectFirstMember"),
    facet: facet.optional().describe("Facet with the member's name; default member_id"),
    groupBy: groupBy.optional(),
  })
  .describe("Keeps the first ensemble member of each sub-group (default: of each source_id)");

const constraint = z
  .discriminatedUnion("kind", [
    requireFacets,
    ignoreFacets,
    addSupplementary,
    addParent,
    requireTimerange,
    requireContiguousTimerange,
    requireOverlappingTimerange,
    selectFirstMember,
  ])
  .meta({ id: "constraint" })
  .describe("Keeps, narrows, widens or rejects a group; applied in order");

const requirement = z
  .strictObject({
    name: z.string().min(1).optional().describe("Tells two requirements of one source type apart"),
    sourceType: z
      .union([z.string(), z.array(z.string()).min(1)])
      .describe("Source type, or several in order of preference: the first that has any group is used"),
    filters: z
      .union([facetValues, z.array(facetValues)])
      .optional()
      .describe("One filter, or several of which any must match; default: everything"),
    groupBy: facets
      .optional()
      .describe("One execution for each group of datasets with equal values; default: one group"),
    constraints: z.array(constraint).optional(),
    optional: z.boolean().optional().describe("True: executions are formed without it, too"),
    sameFacets: z
      .record(z.string(), facets)
      .optional()
      .describe("Another requirement's name → facets on which both must agree"),
  })
  .meta({ id: "requirement" })
  .describe("One need for data");

const diagnostic = z
  .strictObject({
    slug: z.string().min(1),
    name: z.string().optional().describe("For people; default: the slug"),
    version: z.int().min(1).optional().describe("Raise it when the results change; default 1"),
    description: z.string().optional(),
    requirements: z.array(requirement).min(1).optional().describe("Needs that must all be met"),
    requirementSets: z
      .array(z.array(requirement).min(1))
      .min(1)
      .optional()
      .describe("Instead of requirements: alternatives, in order of preference"),
    facets: facets.optional().describe("Dimensions that its values have"),
    parameters: z.record(z.string(), z.json()).optional().describe("A change runs every group again"),
    limits: z
      .strictObject({
        timeoutSeconds: z.number().positive().optional().describe("Default: six hours"),
        memoryBytes: z.int().positive().optional().describe("Default: no limit"),
        cpus: z.number().positive().optional().describe("Recorded; no executor that there is heeds it"),
      })
      .optional()
      .describe("Of all its processes together"),
    command: z
      .array(z.string())
      .min(1)
      .describe(
        "Program and arguments; {folder}, {selectors.FACET} and {parameters.NAME} stand for what they name",
      ),
  })
  .meta({ id: "diagnostic" })
  .describe("A declared computation with the data it needs");

/** What a provider file may hold. */
export const providerFileSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(1).optional().describe("Version of this format"),
  slug: z.string().min(1),
  name: z.string().optional().describe("For people; default: the slug"),
  version: z.string().min(1).describe("Stamped on executions"),
  diagnostics: z.array(diagnostic).min(1),
});

/** A provider as a data file says it. */
export type ProviderFile = z.infer<typeof providerFileSchema>;

/** One diagnostic of it. */
export type DiagnosticEntry = ProviderFile["diagnostics"][number];

/** One requirement of it. */
export type RequirementEntry = NonNullable<DiagnosticEntry["requirements"]>[number];

/** One constraint of it. */
export type ConstraintEntry = NonNullable<RequirementEntry["constraints"]>[number];

/** The JSON Schema of a provider file, for editors. */
export function providerFileJsonSchema(): object {
  const schema = z.toJSONSchema(providerFileSchema, { io: "input" });
  return { title: "Almanac provider", ...schema };
}
