// Preloaded (`--import`) by a process that runs with one mistake in the solver: the source file that MUTANT_FILE names is
// loaded with one text replaced. Files on disk stay as they are.
import { registerHooks } from "node:module";

const { MUTANT_FILE: file = "", MUTANT_FIND: find = "", MUTANT_REPLACE: replace = "" } = process.env;
let replaced = 0;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/src/core/${file}`)) return loaded;
    const source = String(loaded.source);
    const parts = source.split(find);
    if (parts.length !== 2)
      throw new Error(`${file} has the text ${parts.length - 1} times, not once: ${find}`);
    replaced += 1;
    return { ...loaded, source: parts.join(replace), shortCircuit: true };
  },
});

process.on("exit", () => {
  if (replaced === 1) return;
  console.error(`${file} was never loaded: no mistake was made`);
  process.exitCode = 3;
});
