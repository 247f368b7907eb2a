import { join } from "node:path";
import { main } from "../../src/entry/cli/main.ts";
import { composeProject } from "../../src/entry/compose.ts";
import { registerSelfResolve } from "../../src/entry/self-resolve.ts";
import { killingObserver } from "./killing-observer.ts";

// The command line with an observer that can kill it, or a worker of it, at any named durable write.

registerSelfResolve();
const observer = killingObserver("controller", process.env);
const workerObserver = join(import.meta.dirname, "killing-worker.ts");
process.exitCode = await main(process.argv.slice(2), {
  observer,
  compose: (options) => composeProject(options, { observer, workerObserver }),
});
