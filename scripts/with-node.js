// Runs a TypeScript program of this repository: node scripts/with-node.js PROGRAM.ts [ARGUMENT…]
// Plain JavaScript that an old Node.js can read, so that it can say it is too old.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const neededMajor = 24;

if (Number(process.versions.node.split(".")[0]) < neededMajor) {
  process.stderr.write(
    `This repository needs Node.js ${neededMajor} or newer; this is ${process.version} (${process.execPath}).\n` +
      "On Linux, npm ci installs one for the scripts (run them through npm); elsewhere get it from https://nodejs.org.\n",
  );
  process.exitCode = 3;
} else {
  process.argv.splice(1, 1);
  process.argv[1] = resolve(process.argv[1]);
  await import(pathToFileURL(process.argv[1]).href);
}
