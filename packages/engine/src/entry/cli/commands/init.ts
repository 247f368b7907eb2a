import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { configNames } from "../../config/find.ts";
import { removeLeftoverConfigs, writeInitialConfig } from "../../config/initial.ts";
import type { CommandModule } from "../command.ts";

/** `almanac init`: a configuration file that is there already is kept. */
export const { define }: CommandModule = {
  define: (command, { terminal, compose, flags, observer }) => {
    command.argument("[folder]", "project folder", ".").action(async (folder: string) => {
      const target = path.resolve(terminal.cwd, folder);
      mkdirSync(target, { recursive: true });
      const present = configNames.find((name) => existsSync(path.join(target, name)));
      for (const name of removeLeftoverConfigs(target))
        terminal.err(`removed ${name}, left by a killed init\n`);
      const config = path.join(target, present ?? writeInitialConfig(target, observer));
      await using project = await compose({
        ...flags(),
        config,
        cwd: target,
        environment: terminal.environment,
        access: "create",
      });
      const shown = path.relative(terminal.cwd, project.folder) || ".";
      terminal.out(
        `${present === undefined ? "wrote" : "kept"} ${path.join(shown, path.basename(config))}\n`,
      );
      terminal.out(
        `catalog ${project.created ? "created" : "kept"}: ${path.join(shown, path.relative(project.folder, project.catalogFile))}\n`,
      );
      terminal.err("next: almanac ingest --type cmip6 <folder>\n");
    });
  },
};
