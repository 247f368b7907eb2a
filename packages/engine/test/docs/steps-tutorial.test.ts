import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { WorkflowRunner } from "../../src/entry/library/steps.ts";
import { registerSelfResolve } from "../../src/entry/self-resolve.ts";

const root = resolve(import.meta.dirname, "../../../..");
const almanac = join(root, "packages/engine/bin/almanac.js");
const example = join(root, "docs/examples/convection");

interface Command {
  readonly line: string;
  /** Lines that its output has, in this order; `…` stands for anything. */
  readonly expected: string[];
}

/** The commands of the page's console blocks. */
function commandsOf(page: string): readonly Command[] {
  const commands: Command[] = [];
  for (const [, block = ""] of page.matchAll(/```console\n([\s\S]*?)```/g))
    for (const line of block.trimEnd().split("\n"))
      if (line.startsWith("$ ")) commands.push({ line: line.slice(2), expected: [] });
      else commands.at(-1)?.expected.push(line);
  return commands;
}

function pattern(line: string): RegExp {
  const parts = line.split(/\s*…\s*/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

test("the tutorial's commands say what the page says", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-tutorial-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(example, folder, { recursive: true, filter: (from) => !from.endsWith("products") });
  const commands = commandsOf(readFileSync(join(root, "docs/steps.md"), "utf8"));
  assert.ok(commands.length > 15);
  for (const { line, expected } of commands) {
    const shell = `almanac() { "${process.execPath}" "${almanac}" "$@"; }; ${line}`;
    const { stdout, stderr, status } = spawnSync("sh", ["-c", shell], {
      cwd: folder,
      encoding: "utf8",
      timeout: 120_000,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, CI: undefined },
    });
    assert.equal(status, 0, `${line}\n${stderr}`);
    const printed = `${stderr}${stdout}`.split("\n");
    let from = 0;
    for (const wanted of expected.filter((each) => each !== "…")) {
      const at = printed.findIndex((each, number) => number >= from && pattern(wanted).test(each));
      assert.ok(at >= 0, `${line}\nwanted: ${wanted}\nprinted:\n${printed.join("\n")}`);
      from = at + 1;
    }
  }
});

// Blankenbach et al. (1989), case 1a: Nu = 4.884409, mean speed 42.864947.
test("the example's convection is that of the benchmark", async () => {
  registerSelfResolve();
  const { default: convection } = (await import(pathToFileURL(join(example, "pipeline.ts")).href)) as {
    default: ConstructorParameters<typeof WorkflowRunner>[0];
  };
  const end = async (cells: number, steps: number): Promise<{ nusselt: number; speed: number }> => {
    await using runner = new WorkflowRunner(convection, { cells, steps } as never, undefined);
    const log = (await runner.get("evolution_log")) as { nusselt: number; speed: number }[];
    return log.at(-1) ?? { nusselt: 0, speed: 0 };
  };
  const [coarse, fine] = [await end(16, 1200), await end(32, 2200)];
  // Errors fall with the square of the spacing: what is left of them goes with a third of the difference.
  const nusselt = fine.nusselt - (coarse.nusselt - fine.nusselt) / 3;
  const speed = fine.speed - (coarse.speed - fine.speed) / 3;
  assert.ok(Math.abs(nusselt - 4.884) < 0.15, String(nusselt));
  assert.ok(Math.abs(speed - 42.865) < 0.5, String(speed));
});
