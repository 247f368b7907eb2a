#!/usr/bin/env node
// Start of the command line. Plain JavaScript that an old Node.js can read, so that it can say it is too old.
import { existsSync } from "node:fs";
import module from "node:module";

const neededMajor = 24;

/** Runs the built program if there is one, else the sources as they are. */
async function start() {
  module.enableCompileCache();
  const built = new URL("../dist/entry/cli/main.js", import.meta.url);
  const [folder, extension] = existsSync(built) ? ["../dist/", ".js"] : ["../src/", ".ts"];
  const { registerSelfResolve } = await import(`${folder}entry/self-resolve${extension}`);
  registerSelfResolve();
  const { main } = await import(`${folder}entry/cli/main${extension}`);
  process.exitCode = await main(process.argv.slice(2));
}

if (Number(process.versions.node.split(".")[0]) < neededMajor) {
  process.stderr.write(
    `error[ENVIRONMENT_INVALID]: Almanac needs Node.js ${neededMajor} or newer; this is ${process.version} (${process.execPath})\n` +
      `  hint: install it from https://nodejs.org, or beside the package with: npm install node@${neededMajor} && npx almanac --help\n`,
  );
  process.exitCode = 3;
} else {
  await start();
}
