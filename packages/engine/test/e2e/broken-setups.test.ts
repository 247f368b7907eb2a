import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";
import { probeConfig, probeProject, probeProvider, wellBehaved } from "../support/probe-project.ts";

test("provider modules that cannot be loaded are all named, each with its reason", (t) => {
  const project = probeProject(t);
  project.write("throws.ts", `throw new Error("no such luck");`);
  project.write("empty.ts", "export const nothing = 1;");
  project.write("one.ts", probeProvider({ fine: wellBehaved }, "same"));
  project.write("almanac.config.ts", probeConfig("throws.ts", "empty.ts", "gone.ts"));
  const { status, stderr } = project.run("plan");
  assert.equal(status, 3, stderr);
  for (const said of [/error\[PROVIDER_INVALID\]/, /throws\.ts.*no such luck/, /empty\.ts/, /gone\.ts/])
    assert.match(stderr, said);
  project.write("almanac.config.ts", probeConfig("one.ts", "./one.ts"));
  const twice = project.run("plan");
  assert.equal(twice.status, 3, twice.stderr);
  assert.match(twice.stderr, /error\[PROVIDER_INVALID\][\s\S]*same/);
});

test("a provider with two diagnostics of one slug is refused, by every command that needs it", (t) => {
  const project = probeProject(t);
  const text = probeProvider({ fine: wellBehaved, other: wellBehaved });
  project.write("probe.ts", text.replace('slug: "other"', 'slug: "fine"'));
  for (const words of [["plan"], ["solve"], ["diagnostics", "list"]]) {
    const { status, stderr } = project.run(...words);
    assert.equal(status, 3, stderr);
    assert.match(stderr, /error\[PROVIDER_INVALID\][\s\S]*fine/, words.join(" "));
  }
  project.succeed("values", "list");
});

test("files that are no NetCDF are named, and when none can be used the command says so", (t) => {
  const project = new CommandLineProject(t);
  project.write("almanac.config.ts", probeConfig());
  project.succeed("init");
  project.write("archive/a.nc", "<html>not found</html>");
  project.write("archive/b.nc", "");
  const { status, stderr } = project.run("ingest", "--type", "cmip6", "archive");
  assert.equal(status, 4, stderr);
  for (const said of [/error\[NOTHING_INGESTED\]/, /archive\/a\.nc/, /archive\/b\.nc/])
    assert.match(stderr, said);
});

test("a file that is no catalog is refused", (t) => {
  const other = new CommandLineProject(t);
  other.write("almanac.config.ts", probeConfig());
  other.write(
    ".almanac/catalog.sqlite",
    "this is a text, long enough to be looked at as a database".repeat(50),
  );
  const { status, stderr } = other.run("plan");
  assert.equal(status, 6, stderr);
  assert.match(stderr, /error\[CATALOG_INVALID\]/);
});

test("two configurations in one folder are refused: one of them would silently not count", (t) => {
  const project = probeProject(t);
  project.write("almanac.config.json", "{}");
  const { status, stderr } = project.run("plan");
  assert.equal(status, 3, stderr);
  assert.match(stderr, /holds 2 configurations: almanac\.config\.ts, almanac\.config\.json/);
  project.succeed("plan", "--config", "almanac.config.ts");
});
