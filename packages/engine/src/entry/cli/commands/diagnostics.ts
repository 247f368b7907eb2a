import type { Diagnostic, Requirement } from "../../../core/diagnostic/diagnostic.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { nearestNames } from "../../../core/identity/nearest-names.ts";
import type { Project } from "../../project.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";

interface Named {
  readonly provider: string;
  readonly diagnostic: Diagnostic;
}

/** `almanac diagnostics list|show`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withFormat(command.command("list", { isDefault: true }).description("list diagnostics")).action(
      async (flags: ListingFlags) => {
        await using project = await openFrom(context, { access: "none" });
        const all = await named(project);
        const items = all.map(({ provider, diagnostic }) => ({
          provider,
          slug: diagnostic.slug,
          name: diagnostic.name,
          version: diagnostic.version,
          requirementSets: diagnostic.requirementSets.length,
        }));
        await writeListing(
          { kind: "diagnostics", items, total: items.length, columns },
          { terminal: context.terminal, flags },
        );
      },
    );
    withDocumentFormat(command.command("show").description("show one diagnostic and what it requires"))
      .argument("<name>", "provider/diagnostic, or the diagnostic's slug")
      .action(async (name: string, flags: DocumentFlags) => {
        await using project = await openFrom(context, { access: "none" });
        const found = requireDiagnostic(name, await named(project));
        const { computation, ...value } = found.diagnostic;
        writeDocument(
          {
            kind: "diagnostic",
            value: { provider: found.provider, ...value, computation: computation.kind },
            text: describe(found),
          },
          { terminal: context.terminal, flags },
        );
      });
  },
};

interface Line {
  readonly provider: string;
  readonly slug: string;
  readonly name: string;
  readonly version: number;
}

const columns = [
  { heading: "diagnostic", text: ({ provider, slug }: Line) => `${provider}/${slug}` },
  { heading: "name", text: ({ name }: Line) => name },
  { heading: "version", text: ({ version }: Line) => String(version) },
];

async function named(project: Project): Promise<readonly Named[]> {
  return (await project.providers()).flatMap(({ provider }) =>
    provider.diagnostics.map((diagnostic) => ({ provider: provider.slug, diagnostic })),
  );
}

function requireDiagnostic(name: string, all: readonly Named[]): Named {
  const found = all.find(
    ({ provider, diagnostic }) => `${provider}/${diagnostic.slug}` === name || diagnostic.slug === name,
  );
  if (found !== undefined) return found;
  const close = all
    .map(({ provider, diagnostic }) => `${provider}/${diagnostic.slug}`)
    .filter((full) => nearestNames(name, [full, full.slice(full.indexOf("/") + 1)]).length > 0);
  throw new AlmanacError("UNKNOWN_NAME", `there is no diagnostic "${name}"`, {
    hint: close.length > 0 ? `nearest: ${close.join(", ")}` : "almanac diagnostics list",
  });
}

function describe({ provider, diagnostic }: Named): string {
  const sets = diagnostic.requirementSets.map((set, index) =>
    [
      `requirements${diagnostic.requirementSets.length > 1 ? ` (alternative ${index + 1})` : ""}`,
      ...set.map(requirementText),
    ].join("\n"),
  );
  return [
    `${provider}/${diagnostic.slug} version ${diagnostic.version}: ${diagnostic.name}`,
    ...(diagnostic.description === undefined ? [] : [diagnostic.description]),
    ...sets,
  ].join("\n");
}

function requirementText({ name, sourceType, filters, groupBy, constraints, optional }: Requirement): string {
  const wanted = filters
    .map((filter) =>
      Object.entries(filter)
        .map(([facet, values]) => `${facet}=${values.join(",")}`)
        .join(" "),
    )
    .join("  or  ");
  const steps = constraints.map((constraint) =>
    constraint.kind === "custom" ? constraint.name : constraint.kind,
  );
  return [
    `  ${name ?? [sourceType].flat().join(" or ")}${optional === true ? " (optional)" : ""}: ${wanted || "everything"}`,
    `    one group for each ${groupBy.join(", ") || "catalog"}`,
    ...(steps.length > 0 ? [`    constraints: ${steps.join(", ")}`] : []),
  ].join("\n");
}
