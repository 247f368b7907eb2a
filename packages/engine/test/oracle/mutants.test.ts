import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { mutants } from "./mutants.ts";

const here = (name: string): string => path.join(import.meta.dirname, name);

/** Runs the comparison in a process of its own. */
async function compare(
  environment: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, [...options, here("run-differential.ts")], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 120_000,
  });
  const closed = once(child, "close") as Promise<[number | null]>;
  const said = (await Promise.all([text(child.stdout), text(child.stderr)])).join("");
  const [code] = await closed;
  return { code, said };
}

describe("mistakes in the solver", { concurrency: 2 }, () => {
  for (const { mistake, file, find, replace } of mutants)
    test(`${mistake}: revealed`, async () => {
      const mutant = { MUTANT_FILE: file, MUTANT_FIND: find, MUTANT_REPLACE: replace };
      const { code, said } = await compare(mutant, "--import", here("mutation.ts"));
      assert.equal(code, 9, `${said.slice(0, 2000)}\nthe mistake was not revealed`);
    });

  test("a text that is not in the source is an error, not a mistake that was revealed", async () => {
    const mutant = { MUTANT_FILE: "solver/select.ts", MUTANT_FIND: "no such text", MUTANT_REPLACE: "" };
    const { code, said } = await compare({ ...mutant, CASES: "1" }, "--import", here("mutation.ts"));
    assert.notEqual(code, 9);
    assert.match(said, /has the text 0 times/);
  });
});

describe("the same bytes", () => {
  test("in two time zones and two locales, and without a mistake both agree", async () => {
    const places = [
      { TZ: "UTC", LC_ALL: "C", CASES: "1000" },
      { TZ: "Pacific/Apia", LC_ALL: "sv_SE.UTF-8", LANG: "sv_SE.UTF-8", CASES: "1000" },
    ];
    const results = await Promise.all(places.map((place) => compare(place)));
    for (const { code, said } of results) assert.equal(code, 0, said);
    assert.equal(results[0]?.said, results[1]?.said);
  });
});
