import type { Manifest } from "../core/execution/manifest-journal.ts";
import type { Outcome } from "../core/execution/outcome.ts";
import { insidePath } from "../core/execution/relative-path.ts";
import type { PayloadProblem } from "../core/execution/resolve-status.ts";
import type { OutputBundle } from "../core/results/output-bundle.ts";
import { describeWithin, type Reading } from "../core/results/problem.ts";
import {
  parseMetricBundle,
  parseOutputBundle,
  parseSeriesFile,
  writeOutputBundle,
} from "../documents/bundles.ts";
import type { FragmentStore, StoredFile } from "../ports/fragment-store.ts";

/** A scratch folder as read. */
export interface ScratchResult {
  readonly store: FragmentStore;
  readonly fragment: string;
  readonly outcome: Outcome | undefined;
  readonly manifest: Manifest;
  /** By path. */
  readonly present: ReadonlyMap<string, StoredFile>;
}

/** Which files a result consists of beside those that every execution has. */
export interface Payload {
  /** Paths in scratch. */
  readonly paths: readonly string[];
  /** Files that are written anew: path → text. */
  readonly rewritten: ReadonlyMap<string, string>;
  readonly problems: readonly PayloadProblem[];
}

/**
 * The payload of a good result: its bundles, every plot, data and html file that the output bundle names, and all
 * registered artifacts. Of a failed one: what was registered to be kept.
 */
export async function payloadOf(result: ScratchResult): Promise<Payload> {
  const artifacts = result.manifest.artifacts;
  if (result.outcome?.result !== "ok") {
    const kept = artifacts.filter(({ keepOnFailure, path }) => keepOnFailure && isUsable(path, result));
    return { paths: kept.map(({ path }) => path), rewritten: new Map(), problems: [] };
  }
  const bundles = await readBundles(result);
  const wanted = [...bundles.named, ...artifacts.map(({ path }) => path)];
  const problems = [...new Set(wanted)].flatMap((path) => fileProblem(path, result));
  const refused = new Set([...bundles.problems, ...problems].map(({ path }) => path));
  const paths = [...bundles.paths, ...wanted, ...bundles.optional.filter((path) => isUsable(path, result))];
  const inside = paths.flatMap((path) => (refused.has(path) ? [] : (insidePath(path) ?? [])));
  return {
    paths: [...new Set(inside)].filter((path) => !bundles.rewritten.has(path)),
    rewritten: bundles.rewritten,
    problems: [...bundles.problems, ...problems],
  };
}

function isUsable(path: string, result: ScratchResult): boolean {
  return fileProblem(path, result).length === 0;
}

/** Why a wanted file cannot be promoted. */
function fileProblem(path: string, { present, manifest }: ScratchResult): readonly PayloadProblem[] {
  const problem = (reason: string) => [{ path, reason, code: "ARTIFACT_INVALID" as const }];
  const inside = insidePath(path);
  if (inside === undefined) return problem("the path leaves the execution's folder");
  const file = present.get(inside);
  if (file === undefined) return problem("the file is missing");
  // Only a file that was brought in as a link may really lie elsewhere.
  if (file.outside && manifest.state.artifacts.get(inside)?.mode !== "link")
    return problem("the file is a link that leaves the execution's folder");
  return [];
}

interface Bundles extends Payload {
  /** Files that the output bundle names, relative to the folder where they were below it. */
  readonly named: readonly string[];
  /** Files that may be absent: wrappers name an index page and metric files that they do not always write. */
  readonly optional: readonly string[];
}

async function readBundles(result: ScratchResult): Promise<Bundles> {
  const { metric, output, series } = result.outcome?.bundles ?? {};
  const checked = [
    await readBundle(metric, { result, parse: parseMetricBundle }),
    await readBundle(series, { result, parse: parseSeriesFile }),
  ];
  const outputs = await readBundle(output, { result, parse: parseOutputBundle });
  const named = relativeOutputs(outputs.value, result.store.folder(result.fragment));
  return {
    paths: [metric, series, output].filter(
      (path) => path !== undefined && result.present.has(path),
    ) as string[],
    rewritten: new Map(
      output === undefined || named.rewritten === undefined ? [] : [[output, named.rewritten]],
    ),
    problems: [...checked, outputs].flatMap(({ problems }) => problems),
    named: named.required,
    optional: named.optional,
  };
}

async function readBundle<T>(
  path: string | undefined,
  {
    result,
    parse,
  }: { readonly result: ScratchResult; readonly parse: (text: string, file: string) => Reading<T> },
): Promise<{ readonly value?: T; readonly problems: readonly PayloadProblem[] }> {
  if (path === undefined) return { problems: [] };
  const [unusable] = fileProblem(path, result);
  if (unusable !== undefined) return { problems: [unusable] };
  const bytes = await result.store.read(result.fragment, path);
  const { value, problems } = parse(new TextDecoder().decode(bytes), path);
  return {
    ...(value === undefined ? {} : { value }),
    problems: problems.map((each) => ({ path, reason: describeWithin(each), code: "BUNDLE_INVALID" })),
  };
}

/** What an output bundle names; absolute paths below the folder become relative, and the bundle is written anew. */
function relativeOutputs(
  bundle: OutputBundle | undefined,
  folder: string,
): {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly rewritten?: string;
} {
  if (bundle === undefined) return { required: [], optional: [] };
  const relative = (name: string): string =>
    name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : name;
  const files = bundle.files.map((file) => ({ ...file, filename: relative(file.filename) }));
  const index = bundle.index === undefined ? undefined : relative(bundle.index);
  const isChanged =
    index !== bundle.index || files.some(({ filename }, at) => filename !== bundle.files[at]?.filename);
  const named = (diagnostics: boolean): readonly string[] =>
    files
      .filter(({ section }) => (section === "diagnostics") === diagnostics)
      .map(({ filename }) => filename);
  return {
    required: named(false),
    optional: [...named(true), ...(index === undefined ? [] : [index])],
    ...(isChanged ? { rewritten: writeOutputBundle({ ...bundle, index, files }) } : {}),
  };
}
