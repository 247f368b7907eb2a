import type { ListedExecution } from "../../../ports/execution-catalog.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type ListingFlags, withFormat, writeListing } from "../output.ts";

interface StatusLine {
  readonly state: string;
  readonly count: number;
  readonly signature: string;
  readonly executions: readonly { readonly rid: string; readonly name: string }[];
}

/** `almanac status`: live executions by state, then failures that still count, grouped by signature. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withFormat(command).action(async (flags: ListingFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const { executions } = project.catalog;
      const live = await executions.list({
        states: ["created", "initializing", "pending", "running", "completed", "publishing"],
      });
      const failed = await executions.list({ states: ["failed"] });
      const latest = await latestOnly(failed.items, project.catalog);
      const items = [
        ...grouped(live.items, ({ state }) => state),
        ...grouped(latest, ({ failure }) => failure?.signature ?? "unknown"),
      ];
      await writeListing(
        { kind: "status", noun: "states", items, total: items.length, columns },
        { terminal: context.terminal, flags },
      );
    });
  },
};

const columns = [
  { heading: "state", text: ({ state }: StatusLine) => state },
  { heading: "count", text: ({ count }: StatusLine) => String(count) },
  { heading: "signature", text: ({ signature }: StatusLine) => signature },
  {
    heading: "first",
    text: ({ executions }: StatusLine) => `${executions[0]?.rid ?? ""} ${executions[0]?.name ?? ""}`,
  },
];

/** Failures that a later execution of the group has made up for are history. */
async function latestOnly(
  items: readonly ListedExecution[],
  catalog: {
    readonly executions: { list(query: object): Promise<{ readonly items: readonly ListedExecution[] }> };
  },
): Promise<readonly ListedExecution[]> {
  const { items: all } = await catalog.executions.list({});
  const newest = new Map<string, string>();
  for (const { group, rid } of all) if (!newest.has(group)) newest.set(group, rid);
  return items.filter(({ group, rid }) => newest.get(group) === rid);
}

function grouped(
  items: readonly ListedExecution[],
  signatureOf: (item: ListedExecution) => string,
): readonly StatusLine[] {
  const lines = new Map<string, StatusLine>();
  for (const item of items) {
    const signature = signatureOf(item);
    const name = `${item.provider}/${item.diagnostic}/${item.key}`;
    const line = lines.get(signature);
    const executions = [...(line?.executions ?? []), { rid: item.rid, name }];
    lines.set(signature, {
      state: item.state,
      count: executions.length,
      signature: item.state === signature ? "" : signature,
      executions,
    });
  }
  return [...lines.values()];
}
