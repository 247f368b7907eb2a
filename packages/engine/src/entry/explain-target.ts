import { makePlan, openedSnapshot, type PlanInput, type PlanPorts } from "../app/plan.ts";
import { parseSelection, type SelectionInput } from "../core/catalog/selection.ts";
import { AlmanacError } from "../core/errors.ts";
import type { ExecutionGroup } from "../core/execution/record.ts";
import { nearestNames } from "../core/identity/nearest-names.ts";
import { parseRid } from "../core/identity/rid.ts";
import { explain } from "../core/solver/explain.ts";
import { explanationText } from "../core/solver/explanation-text.ts";
import type { Catalog } from "./project.ts";
import { datasetIds, getDataset } from "./require-dataset.ts";
import { unseenDatasets } from "./unseen-datasets.ts";

/** What is asked about. */
export interface ExplainRequest {
  readonly target: string;
  /** Selectors that narrow the groups of a diagnostic. */
  readonly facets?: SelectionInput;
}

interface Sources {
  readonly catalog: Catalog;
  readonly input: PlanInput;
  readonly ports: PlanPorts;
}

/** Facts for machines and a text for people. */
interface Told {
  readonly value: object;
  readonly text: string;
}

/**
 * Explains whatever a name stands for: a group, an execution's group, a diagnostic, or a dataset.
 * @throws UNKNOWN_NAME when it is none of these
 */
export async function explainTarget(
  { target, facets = [] }: ExplainRequest,
  sources: Sources,
): Promise<Told> {
  const rid = parseRid(target);
  const execution = rid === undefined ? undefined : await sources.catalog.executions.execution(rid);
  if (execution !== undefined && execution.group === undefined)
    throw new AlmanacError("USAGE", `execution ${execution.rid} is a recorded run: somebody asked for it`, {
      hint: `almanac executions show ${execution.rid}, almanac lineage ${execution.rid}`,
      facts: { rid: execution.rid },
    });
  const group = await sources.catalog.executions.group(execution?.group ?? target);
  const diagnostic = group === undefined ? findDiagnostic(target, sources.input) : undefined;
  if (diagnostic !== undefined) return explainDiagnostic({ ...diagnostic, facets }, sources);
  if (parseSelection(facets).length > 0)
    throw new AlmanacError("USAGE", `"${target}" is no diagnostic, and selectors choose groups of one`, {
      hint: "almanac diagnostics list, or leave the selectors out",
    });
  if (group !== undefined) return explainGroup(group, sources);
  return explainDataset(target, sources);
}

function names({
  providers,
}: PlanInput): readonly { readonly provider: string; readonly diagnostic: string }[] {
  return providers.flatMap(({ provider }) =>
    provider.diagnostics.map(({ slug }) => ({ provider: provider.slug, diagnostic: slug })),
  );
}

/** A diagnostic by `provider/diagnostic`, by its slug alone, or with a key behind. */
function findDiagnostic(
  target: string,
  input: PlanInput,
): { readonly provider: string; readonly diagnostic: string; readonly key?: string } | undefined {
  const [provider = "", diagnostic = "", ...key] = target.split("/");
  const exact = names(input).find((each) => each.provider === provider && each.diagnostic === diagnostic);
  if (exact !== undefined) return key.length === 0 ? exact : { ...exact, key: key.join("/") };
  return names(input).find((each) => each.diagnostic === target);
}

async function explainDiagnostic(
  asked: {
    readonly provider: string;
    readonly diagnostic: string;
    readonly key?: string;
    readonly facets: SelectionInput;
  },
  { catalog, input, ports }: Sources,
): Promise<Told> {
  const { snapshot } = await openedSnapshot(input, ports);
  const { provider, diagnostic } = asked;
  const history = await ports.executions.history(ports.alive, [{ provider, diagnostic }]);
  const explanation = explain(
    snapshot,
    input.providers.map(({ provider }) => provider),
    { ...asked, history, ignore: input.ignore },
  );
  const unseen = await unseenDatasets(explanation, catalog.datasets);
  const lines = unseen.map(({ id, reason }) => `  ${id}: ${reason}\n`);
  const told = unseen.length === 0 ? "" : `\nRecorded, but not seen by any plan:\n${lines.join("")}`;
  return { value: { ...explanation, unseen }, text: explanationText(explanation) + told };
}

async function explainGroup(group: ExecutionGroup, sources: Sources): Promise<Told> {
  const told = await explainDiagnostic(
    { provider: group.provider, diagnostic: group.diagnostic, key: group.key, facets: [] },
    sources,
  );
  const { items } = await sources.catalog.executions.list({ group: group.rid });
  const past = items.map(({ rid, state, createdAt, failure }) =>
    `  ${createdAt}  ${rid}  ${state}  ${failure?.message ?? ""}`.trimEnd(),
  );
  return {
    value: { ...told.value, group, executions: items },
    text: [told.text.trimEnd(), `executions of group ${group.rid}, newest first`, ...past].join("\n"),
  };
}

/** Which groups a dataset is in, and why it may be in none. */
async function explainDataset(target: string, { catalog, input, ports }: Sources): Promise<Told> {
  const dataset = await getDataset(target, catalog);
  if (dataset === undefined) {
    const known = [
      ...names(input).map(({ provider, diagnostic }) => `${provider}/${diagnostic}`),
      ...(await datasetIds(catalog.datasets)),
    ];
    const close = nearestNames(target, known);
    throw new AlmanacError("UNKNOWN_NAME", `"${target}" is no group, diagnostic, execution or dataset`, {
      hint: close.length > 0 ? `nearest: ${close.join(", ")}` : "almanac diagnostics list",
    });
  }
  if (dataset.origin === "authored")
    throw new AlmanacError(
      "USAGE",
      `${target} is a dataset that was put together here: solving sees only released versions that have facets`,
      {
        hint: `almanac explain ${dataset.rid}@VERSION, almanac lineage ${dataset.rid}, almanac impact ${dataset.rid}`,
        facts: { rid: dataset.rid },
      },
    );
  const { plan } = await makePlan(input, ports);
  const using = plan.decisions.filter(({ datasets }) =>
    Object.values(datasets).some((ids) => ids.includes(dataset.id)),
  );
  const state = dataset.retracted
    ? "it is retracted"
    : dataset.invalid !== undefined
      ? `it is invalid: ${dataset.invalid}`
      : undefined;
  const lines = using.map(
    ({ provider, diagnostic, key, decision, reasons }) =>
      `  ${provider}/${diagnostic}/${key}: ${decision}, ${reasons[0].message}`,
  );
  const text = [
    `${dataset.id} (${dataset.rid})`,
    ...(state === undefined ? [] : [state]),
    `in ${using.length} groups`,
    ...lines,
  ].join("\n");
  return {
    value: {
      dataset,
      groups: using.map(({ provider, diagnostic, key, decision, reasons }) => ({
        provider,
        diagnostic,
        key,
        decision,
        reasons,
      })),
    },
    text,
  };
}
