import type { StateCount } from "../../../ports/execution-catalog.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type ListingFlags, withFormat, writeListing } from "../output.ts";

/** `almanac status`: the newest execution of each group, counted by state; failures by their signature. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withFormat(command).action(async (flags: ListingFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const items = (await project.catalog.executions.stateCounts()).map(itemOf);
      await writeListing(
        { kind: "status", noun: "states", items, total: items.length, columns },
        { terminal: context.terminal, flags },
      );
      if (items.length === 0) context.terminal.err("nothing has run yet: almanac solve\n");
      if (items.some(({ state }) => state === "failed"))
        context.terminal.err("see: almanac logs <rid>, almanac executions list --newest --state failed\n");
    });
  },
};

function itemOf({ state, count, failureClass, signature, newest }: StateCount) {
  const { rid, provider, diagnostic, key } = newest;
  return {
    state,
    count,
    failureClass: failureClass ?? null,
    signature: signature ?? null,
    newest: { rid, name: [provider, diagnostic, ...(key === "" ? [] : [key])].join("/") },
  };
}

type Item = ReturnType<typeof itemOf>;

const columns = [
  { heading: "state", text: ({ state }: Item) => state },
  { heading: "count", text: ({ count }: Item) => String(count) },
  { heading: "class", text: ({ failureClass }: Item) => failureClass ?? "" },
  { heading: "signature", text: ({ signature }: Item) => signature ?? "" },
  { heading: "newest", text: ({ newest }: Item) => `${newest.rid} ${newest.name}` },
];
