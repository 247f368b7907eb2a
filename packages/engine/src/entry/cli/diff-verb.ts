import { type Command, InvalidArgumentError } from "commander";
import { requireExecution } from "../../app/require-execution.ts";
import { Defect, errorKinds } from "../../core/errors.ts";
import {
  type ComparedExecution,
  comparedAspects,
  compareExecutions,
  type ExecutionDifference,
} from "../../core/execution/compare-executions.ts";
import { type Rid, requireRid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import type { Project } from "../project.ts";
import type { CommandContext } from "./command.ts";
import { openFrom } from "./open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "./output.ts";

interface DiffFlags extends DocumentFlags {
  readonly tolerance: number;
}

/** Adds `executions diff`. */
export function defineDiff(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .description(
      "compare two executions: inputs, parameters, code, environment, values, files; exit 9 if they differ",
    )
    .argument("<first>", "execution")
    .argument("<second>", "execution")
    .option("--tolerance <n>", "largest relative difference of numbers that counts as equal", tolerance, 0)
    .action(async (...[one, other, flags]: [string, string, DiffFlags]) => {
      const [first, second] = [requireRid(one), requireRid(other)];
      await using project = await openFrom(context, { access: "read" });
      const pair = [await readExecution(first, project), await readExecution(second, project)] as const;
      const differences = compareExecutions(pair, flags);
      const equal = differences.length === 0;
      writeDocument(
        {
          kind: "execution-diff",
          value: { first, second, tolerance: flags.tolerance, equal, differences },
          text: textOf(differences, [first, second]),
        },
        { terminal: context.terminal, flags },
      );
      if (!equal) context.exit(errorKinds.DIFFERS.exit);
    });
}

async function readExecution(rid: Rid, { catalog, results }: Project): Promise<ComparedExecution> {
  const { state, fragment } = await requireExecution(rid, catalog.executions);
  const definition = await catalog.executions.definition(rid);
  if (definition === undefined) throw new Defect(`execution ${rid} has no definition`);
  const { items } = await catalog.values.values({ executions: [rid], all: true });
  const { artifacts } = await catalog.values.outputs(rid);
  const recorded = artifacts.find(
    ({ kind, path }) => kind === "execution-metadata" && /(^|\/)environment\.json$/.test(path),
  );
  const bytes = recorded === undefined ? undefined : await results.read(fragment, recorded.path);
  const environment = bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as Json);
  return { state, definition, environment, values: items.map(({ value }) => value), artifacts };
}

const signs = { added: "+", removed: "-", changed: "~" } as const;

function textOf(differences: readonly ExecutionDifference[], rids: readonly [Rid, Rid]): string {
  if (differences.length === 0) return `${rids.join(" and ")} are equal`;
  const groups = comparedAspects.flatMap((aspect) => {
    const members = differences.filter((each) => each.aspect === aspect);
    return members.length === 0 ? [] : [aspect, ...members.map(lineOf)];
  });
  return [`${rids.join(" and ")} differ (- only the first, + only the second, ~ both)`, ...groups].join("\n");
}

function lineOf({ name, change, from, to }: ExecutionDifference): string {
  const both = change === "changed" ? `  ${shown(from)} → ${shown(to)}` : "";
  return `  ${signs[change]} ${name}${both}`;
}

/** Long lists, such as indexes of series, are cut. */
function shown(value: Json | undefined): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function tolerance(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("It is not a number ≥ 0.");
}
