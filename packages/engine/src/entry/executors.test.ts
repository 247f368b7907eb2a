import { createInlineExecutor } from "../adapters/inline/inline-executor.ts";
import { identify, ownIdentity } from "../adapters/process-tree/owner.ts";
import { unobserved } from "../ports/durable.ts";
import { executorContract } from "../ports/executor.contract.ts";
import { localExecutor } from "./executors.ts";
import { systemClock } from "./system-clock.ts";
import { createWorkerSide } from "./worker/parts.ts";

const exists = (pid: number): boolean => identify(pid) !== undefined;
const side = createWorkerSide({ observer: unobserved, isolated: false, graceMs: 200 });

executorContract({
  name: "inline",
  create: () => createInlineExecutor({ run: side.run, owner: ownIdentity(), clock: systemClock }),
  endsFunctions: false,
  exists,
});

executorContract({
  name: "local",
  create: () => localExecutor({ jobs: 2, graceMs: 200 }),
  endsFunctions: true,
  exists,
});
