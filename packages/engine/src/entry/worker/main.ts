import { enableCompileCache } from "node:module";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { DurableObserver } from "../../ports/durable.ts";

// Program of the local pool's worker processes. The imports come after the compile cache, which shortens the start;
// messages that come in the meantime wait in the channel, because nobody listens yet.
enableCompileCache();
const [{ serveLocalPool }, { createWorkerSide }, { registerSelfResolve }, { systemClock }, { unobserved }] =
  await Promise.all([
    import("../../adapters/local-pool/serve.ts"),
    import("./parts.ts"),
    import("../self-resolve.ts"),
    import("../system-clock.ts"),
    import("../../ports/durable.ts"),
  ]);
const { values } = parseArgs({ options: { grace: { type: "string" }, observer: { type: "string" } } });

/** The observer that a test names by its module, which exports it as default; else none. */
async function observer(): Promise<DurableObserver> {
  if (values.observer === undefined) return unobserved;
  return ((await import(pathToFileURL(values.observer).href)) as { readonly default: DurableObserver })
    .default;
}

registerSelfResolve();
const side = createWorkerSide({
  observer: await observer(),
  isolated: true,
  ...(values.grace === undefined ? {} : { graceMs: Number(values.grace) }),
});
serveLocalPool({ ...side, clock: systemClock });
