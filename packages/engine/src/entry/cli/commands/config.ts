import { AlmanacError } from "../../../core/errors.ts";
import { nearestNames } from "../../../core/identity/nearest-names.ts";
import type { SettingOrigin } from "../../config/resolve.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type ListingFlags, withFormat, writeListing } from "../output.ts";

/** `almanac config list|get|path`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withFormat(command.command("list", { isDefault: true }).description("list settings"))
      .option("--origin", "say where each value came from")
      .action(async (flags: ListingFlags & { readonly origin?: boolean }) => {
        await using project = await openFrom(context, { access: "none" });
        const columns = flags.origin === true ? [...plain, ...origin] : plain;
        await writeListing(
          { kind: "settings", items: project.origins, total: project.origins.length, columns },
          { terminal: context.terminal, flags },
        );
      });
    command
      .command("get")
      .description("print one setting")
      .argument("<key>", "such as executor.jobs")
      .action(async (key: string) => {
        await using project = await openFrom(context, { access: "none" });
        const found = project.origins.find((each) => each.key === key);
        if (found === undefined) {
          const close = nearestNames(
            key,
            project.origins.map((each) => each.key),
          );
          throw new AlmanacError("UNKNOWN_NAME", `there is no setting "${key}"`, {
            hint: close.length > 0 ? `nearest: ${close.join(", ")}` : "almanac config list",
          });
        }
        context.terminal.out(`${textOf(found)}\n`);
      });
    command
      .command("path")
      .description("print the configuration file's path")
      .action(async () => {
        await using project = await openFrom(context, { access: "none" });
        context.terminal.out(`${project.configFile}\n`);
      });
  },
};

const plain = [
  { heading: "key", text: ({ key }: SettingOrigin) => key },
  { heading: "value", text: textOf },
];

const origin = [
  { heading: "origin", text: (setting: SettingOrigin) => setting.origin },
  { heading: "from", text: ({ from }: SettingOrigin) => from },
];

function textOf({ value }: SettingOrigin): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
