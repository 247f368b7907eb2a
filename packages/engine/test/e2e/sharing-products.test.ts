import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

/** Each run of a step leaves a line in `ran.txt`. */
const module = `
import { appendFileSync, writeFileSync } from "node:fs";
import { fileProduct, pipeline } from "almanac/steps";
const ran = (step) => appendFileSync("ran.txt", step + "\\n");
export default pipeline("demo", { config: { n: 3, colour: "red" } })
  .step("numbers", { produces: "numbers", version: "1", run: ({ config }) => {
    ran("numbers");
    return Array.from({ length: config.n }, (_, at) => at);
  } })
  .map("squares", { over: "numbers", produces: "squares", version: "1", item: ({ item }) => {
    ran("square " + item);
    return item ** 2;
  } })
  .step("text", { produces: "text", requires: ["squares"], version: "1", run: ({ squares }) => {
    ran("text");
    return (squares.join() + " ").repeat(2000);
  } })
  .step("figure", { produces: "figure", requires: ["text"], version: "1", run: ({ config, text }) => {
    ran("figure");
    writeFileSync("figure.svg", "<svg>" + config.colour + text + "</svg>");
    return fileProduct("figure.svg");
  } });
`;

/** A person with the pipeline in a folder of their own. */
function person(t: TestContext): CommandLineProject {
  const project = new CommandLineProject(t);
  project.write("pipeline.mjs", module);
  return project;
}

function ran(project: CommandLineProject): readonly string[] {
  const file = project.path("ran.txt");
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  rmSync(file, { force: true });
  return lines;
}

function teamOf(project: CommandLineProject): string {
  const team = project.path("team");
  mkdirSync(team);
  return team;
}

test("what one person has built the next one fetches, keeps, and builds on", (t) => {
  const [ann, bob] = [person(t), person(t)];
  const team = teamOf(ann);
  assert.match(ann.succeed("build", "--shared", team), /^4 of 4 steps ran$/m);
  assert.equal(ran(ann).length, 6);

  const plan = bob.json("build", "--shared", team, "--plan");
  assert.deepEqual(plan.items, [], "everything is a hit");
  const first = bob.run("build", "--shared", team);
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stdout, /^nothing to do: 4 steps are up to date, 4 taken from the shared store$/m);
  assert.match(first.stderr, /^fetched {2}figure {2}/m);
  assert.deepEqual(ran(bob), []);

  rmSync(team, { recursive: true });
  assert.match(bob.succeed("build"), /^nothing to do: 4 steps are up to date$/m);
  bob.succeed("products", "export", "figure", "bob.svg");
  assert.equal(readFileSync(bob.path("bob.svg"), "utf8"), `<svg>red${"0,1,4 ".repeat(2000)}</svg>`);
  assert.deepEqual(ran(bob), []);
});

test("only what is needed is fetched; what is made anew goes back", (t) => {
  const [ann, bob] = [person(t), person(t)];
  const team = teamOf(ann);
  ann.succeed("build", "--shared", team);
  ran(ann);
  const other = bob.run("build", "--shared", team, "--set", "colour=blue");
  assert.match(other.stdout, /^1 of 4 steps ran, 3 taken from the shared store$/m);
  assert.deepEqual(ran(bob), ["figure"]);
  assert.doesNotMatch(other.stderr, /fetched {2}(numbers|squares)/);
  const more = bob.run("build", "squares", "--shared", team, "--set", "n=4");
  assert.match(more.stdout, /^2 of 2 steps ran$/m);
  assert.deepEqual(ran(bob), ["numbers", "square 3"], "items are shared one by one");
  const back = ann.run("build", "--shared", team, "--set", "colour=blue");
  assert.match(back.stdout, /^nothing to do: 4 steps are up to date, 1 taken from the shared store$/m);
  ann.succeed("products", "export", "squares", "squares.json", "--shared", team, "--set", "n=4");
  assert.deepEqual(JSON.parse(readFileSync(ann.path("squares.json"), "utf8")), [0, 1, 4, 9]);
  assert.deepEqual(ran(ann), []);
});

test("what is known but not here says so, in lists and to collection", (t) => {
  const [ann, bob] = [person(t), person(t)];
  const team = teamOf(ann);
  ann.succeed("build", "--shared", team);
  assert.match(bob.succeed("build", "--shared", team, "--explain", "figure"), /made .* in .* key/);
  bob.succeed("build", "figure", "--shared", team);
  assert.deepEqual(
    bob.json("products", "list").items.map(({ product, here }) => [product, here]),
    [
      ["figure", true],
      ["numbers", false],
      ["squares", false],
      ["text", false],
    ],
  );
  assert.match(bob.succeed("products", "list"), /bytes\n[\s\S]*^text .* not here$/m);
  const { keptBytes } = bob.json("products", "gc", "--dry-run") as unknown as { readonly keptBytes: number };
  assert.ok(keptBytes > 12_000 && keptBytes < 13_000, `the figure alone: ${keptBytes}`);
});

test("what was altered there is told and made here; what is there then is right again", (t) => {
  const [ann, bob, carl] = [person(t), person(t), person(t)];
  const team = teamOf(ann);
  ann.succeed("build", "--shared", team);
  for (const name of readdirSync(join(team, "blobs"), { recursive: true, withFileTypes: true }))
    if (name.isFile()) writeFileSync(join(name.parentPath, name.name), "spoiled");
  const built = bob.run("build", "--shared", team);
  assert.equal(built.status, 0, built.stderr);
  assert.match(
    built.stderr,
    /warning: figure cannot be had and is made again: product "figure" cannot be fetched: .*was altered/,
  );
  assert.deepEqual(ran(bob), ["text", "figure"]);
  assert.match(readFileSync(bob.path("figure.svg"), "utf8"), /^<svg>red0,1,4 /);
  assert.equal(carl.run("build", "--shared", team).status, 0);
});

test("a shared folder that is not there is a warning and a build here, unless it is required", (t) => {
  const ann = person(t);
  const lone = ann.run("build", "--shared", "nowhere");
  assert.equal(lone.status, 0, lone.stderr);
  assert.match(
    lone.stderr,
    /warning: shared products: cannot list .*nowhere.*; what is missing is made here/,
  );
  assert.match(lone.stdout, /^4 of 4 steps ran$/m);
  assert.ok(!existsSync(ann.path("nowhere")), "nothing was made of it");
  const strict = ann.run("build", "--shared", "nowhere", "--shared-required");
  assert.equal(strict.status, 4);
  assert.match(strict.stderr, /error\[STORE_UNAVAILABLE\][\s\S]*make the folder, or mount it/);
  const scheme = ann.run("build", "--shared", "s3://bucket/x");
  assert.equal(scheme.status, 2);
  assert.match(scheme.stderr, /s3:\/\/bucket\/x yet/);
  assert.equal(ann.run("build", "--shared-required").status, 2);
  // What was built before it was there is left there by the next build.
  mkdirSync(ann.path("nowhere"));
  assert.match(ann.succeed("build", "--shared", "nowhere"), /nothing to do/);
  const bob = person(t);
  assert.match(bob.succeed("build", "--shared", ann.path("nowhere")), /4 taken from the shared store/);
});

test("a module may export where products are shared; --no-shared and --shared-read-only", (t) => {
  const ann = person(t);
  const team = teamOf(ann);
  ann.write("pipeline.mjs", `${module}\nexport const shared = "team";\n`);
  ann.succeed("build", "--no-shared");
  assert.deepEqual(readdirSync(team), []);
  ann.succeed("build", "--shared-read-only");
  assert.deepEqual(readdirSync(team), []);
  ann.succeed("build");
  assert.deepEqual(readdirSync(team).sort(), ["blobs", "index"]);
  assert.match(person(t).succeed("build", "--shared", team), /4 taken/);
});

test("a forced step runs whatever others have", (t) => {
  const [ann, bob] = [person(t), person(t)];
  const team = teamOf(ann);
  ann.succeed("build", "--shared", team);
  const forced = bob.run("build", "--shared", team, "--force", "text");
  assert.match(forced.stdout, /^1 of 4 steps ran, 3 taken from the shared store$/m);
  assert.deepEqual(ran(bob), ["text"]);
});

test("a recorded build says what was taken from whom", (t) => {
  const [ann, bob] = [person(t), person(t)];
  const team = teamOf(ann);
  ann.succeed("build", "text", "--shared", team);
  bob.succeed("init");
  const report = bob.json("build", "figure", "--record", "--shared", team);
  const { fragment } = report["execution"] as { readonly fragment: string };
  const { steps } = JSON.parse(readFileSync(bob.path("results", fragment, "build.json"), "utf8")) as {
    readonly steps: readonly {
      readonly step: string;
      readonly outcome: string;
      readonly takenFrom?: string;
    }[];
  };
  assert.deepEqual(
    steps.map(({ step, outcome, takenFrom }) => [step, outcome, takenFrom]),
    [...["numbers", "squares", "text"].map((step) => [step, "hit", team]), ["figure", "ran", undefined]],
  );
});
