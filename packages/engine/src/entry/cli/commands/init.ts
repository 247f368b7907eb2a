import { existsSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../../adapters/product-folder/make-folder.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { configNames } from "../../config/find.ts";
import { removeLeftoverConfigs, writeInitialConfig } from "../../config/initial.ts";
import type { CommandModule } from "../command.ts";

/** `almanac init`: a configuration file that is there already is kept. */
export const { define }: CommandModule = {
  define: (command, { terminal, compose, flags, observer }) => {
    command.argument("[folder]", "project folder", ".").action(async (folder: string) => {
      const target = path.resolve(terminal.cwd, folder);
      preparing(target, () => makeFolder(target));
      const present = configNames.find((name) => existsSync(path.join(target, name)));
      for (const name of removeLeftoverConfigs(target))
        terminal.err(`removed ${name}, left by a killed init\n`);
      const config = path.join(
        target,
        present ?? preparing(target, () => writeInitialConfig(target, observer)),
      );
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

/** Runs an operation of the file system and tells of a folder that cannot become a project. */
function preparing<T>(folder: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    if (error instanceof AlmanacError || !(error instanceof Error && "code" in error)) throw error;
    throw new AlmanacError("ENVIRONMENT_INVALID", `cannot make a project in ${folder}: ${error.message}`, {
      hint: "name a folder that can be written to: almanac init FOLDER",
      cause: error,
    });
  }
}
