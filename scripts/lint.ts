// npm run lint: every check of the sources, each with what to do instead. Exit code 1 when one finds something.
import { dirname } from "node:path";
import type { Check } from "./checks/check.ts";
import { layers } from "./checks/layers.ts";
import { lockFile } from "./checks/lock-file.ts";
import { ownRules } from "./checks/own-rules.ts";
import { format, oxlint, unused } from "./checks/programs.ts";

const root = dirname(import.meta.dirname);

async function report({ name, run }: Check): Promise<boolean> {
  const { ok, output } = await run(root);
  console.log(ok ? `✔ ${name}` : `✖ ${name}\n${output}\n`);
  return ok;
}

const verdicts: boolean[] = [];
for (const check of [lockFile, format, oxlint, layers, ownRules, unused]) verdicts.push(await report(check));
process.exitCode = verdicts.every(Boolean) ? 0 : 1;
