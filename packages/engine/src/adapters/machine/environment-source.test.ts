import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os, { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import { machineSource } from "./environment-source.ts";

/** A folder with files in it, removed after the test. */
function treeOf(context: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "almanac-machine-")));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("the machine: runtime, system, memory, language and time", async () => {
  const facts = await machineSource({ environment: {} }).machine();
  assert.deepEqual(facts.runtime, { name: "node", version: process.versions.node });
  assert.equal(facts.os.platform, process.platform);
  assert.equal(facts.memoryBytes, os.totalmem());
  assert.ok(facts.cpu.logicalCores > 0);
  assert.deepEqual(
    [facts.locale, facts.timeZone],
    [Intl.DateTimeFormat().resolvedOptions().locale, Intl.DateTimeFormat().resolvedOptions().timeZone],
  );
});

test("what the system files tell: distribution, container, graphics processors", async (context) => {
  const root = treeOf(context, {
    "etc/os-release": 'NAME="X"\nPRETTY_NAME="A Linux 12 (x)"\n',
    ".dockerenv": "",
    "proc/driver/nvidia/version": "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.54.03  Tue\n",
    "proc/driver/nvidia/gpus/0000:01:00.0/information": "Model: \t\t NVIDIA A100-SXM4-40GB\nIRQ: 1\n",
    "sys/class/drm/card0/device/vendor": "0x10de\n",
  });
  const facts = await machineSource({ environment: {}, root }).machine();
  assert.equal(facts.os.distribution, "A Linux 12 (x)");
  assert.equal(facts.container, "docker");
  assert.deepEqual(facts.gpus, [{ name: "NVIDIA A100-SXM4-40GB", driver: "535.54.03" }]);
});

const containers: readonly (readonly [
  kind: string | undefined,
  files: Record<string, string>,
  variables: object,
])[] = [
  ["podman", { "run/.containerenv": "" }, {}],
  ["kubernetes", { "proc/1/cgroup": "0::/kubepods/besteffort/pod1\n" }, {}],
  ["docker", { "proc/1/cgroup": "1:cpu:/docker/abc\n" }, {}],
  ["kubernetes", { ".dockerenv": "" }, { KUBERNETES_SERVICE_HOST: "10.0.0.1" }],
  ["apptainer", {}, { APPTAINER_NAME: "x.sif" }],
  [undefined, { "proc/1/cgroup": "0::/init.scope\n" }, { APPTAINER_NAME: "" }],
];
for (const [kind, files, environment] of containers)
  test(`a container known as ${kind} by ${JSON.stringify({ ...files, ...environment })}`, async (context) => {
    const facts = await machineSource({
      environment: { ...environment },
      root: treeOf(context, files),
    }).machine();
    assert.equal(facts.container, kind);
  });

test("a processor on the bus, of a vendor whose processors compute", async (context) => {
  const root = treeOf(context, {
    "sys/class/drm/card0/device/vendor": "0x8086\n",
    "sys/class/drm/card1/device/vendor": "0x1002\n",
    "sys/class/drm/card1/device/device": "0x73bf\n",
    "sys/class/drm/card1-DP-1/device/vendor": "0x1002\n",
  });
  const { gpus } = await machineSource({ environment: {}, root }).machine();
  assert.deepEqual(gpus, [{ name: "AMD device 0x73bf" }]);
});

test("packages: npm's own list, Python and conda environments, each once", async (context) => {
  const folder = treeOf(context, {
    "node_modules/.package-lock.json": JSON.stringify({
      packages: {
        "": { version: "9" },
        "node_modules/b": { version: "2.0.0" },
        "node_modules/@s/a": { version: "1.0.0" },
        "node_modules/b/node_modules/@s/a": { version: "0.9.0" },
        "node_modules/c/node_modules/b": { version: "2.0.0" },
        "node_modules/linked": { link: true },
      },
    }),
    ".venv/lib/python3.11/site-packages/numpy-1.26.4.dist-info/METADATA": "",
    ".venv/lib/python3.11/site-packages/numpy/__init__.py": "",
    "conda/conda-meta/hdf5-1.14.3-nompi_h4f84152_100.json": "{}",
    "conda/conda-meta/history": "",
  });
  mkdirSync(path.join(folder, "src/deep"), { recursive: true });
  const source = machineSource({
    environment: { CONDA_PREFIX: path.join(folder, "conda"), VIRTUAL_ENV: "" },
  });
  assert.deepEqual(await source.packages(path.join(folder, "src/deep")), [
    { ecosystem: "conda", name: "hdf5", version: "1.14.3" },
    { ecosystem: "npm", name: "@s/a", version: "0.9.0" },
    { ecosystem: "npm", name: "@s/a", version: "1.0.0" },
    { ecosystem: "npm", name: "b", version: "2.0.0" },
    { ecosystem: "python", name: "numpy", version: "1.26.4" },
  ]);
});

test("packages without npm's list: what package.json asks for, as installed; a damaged one tells nothing", async (context) => {
  const folder = treeOf(context, {
    "package.json": JSON.stringify({ dependencies: { a: "^1", absent: "*", broken: "*" } }),
    "node_modules/a/package.json": JSON.stringify({ version: "1.4.2" }),
    "node_modules/broken/package.json": "{",
  });
  const { packages } = machineSource({ environment: {} });
  assert.deepEqual(await packages(folder), [{ ecosystem: "npm", name: "a", version: "1.4.2" }]);
});

test("a package of a workspace: its own installed packages and those of the root", async (context) => {
  const folder = treeOf(context, {
    "node_modules/.package-lock.json": JSON.stringify({
      packages: { "node_modules/b": { version: "2.0.0" } },
    }),
    "packages/p/package.json": JSON.stringify({ dependencies: { a: "^1", b: "^2" } }),
    "packages/p/node_modules/a/package.json": JSON.stringify({ version: "1.4.2" }),
  });
  const found = await machineSource({ environment: {} }).packages(path.join(folder, "packages/p"));
  assert.deepEqual(
    found.map(({ name, version }) => `${name} ${version}`),
    ["a 1.4.2", "b 2.0.0"],
  );
});

test("lock files from the code up to the root of the repository", async (context) => {
  const top = treeOf(context, {
    "yarn.lock": "outside",
    "r/.git/HEAD": "",
    "r/package-lock.json": "{}",
    "r/a/b/uv.lock": "u",
    "r/a/b/renv.lock": "r",
    "r/a/other/poetry.lock": "not above",
  });
  const { lockFiles } = machineSource({ environment: {} });
  const request = { file: path.join(top, "r/a/b/train.py"), projectFolder: top };
  assert.deepEqual(await lockFiles(request), [
    { path: "package-lock.json", sizeBytes: 2, sha256: sha256("{}"), text: "{}" },
    { path: "a/b/uv.lock", sizeBytes: 1, sha256: sha256("u"), text: "u" },
    { path: "a/b/renv.lock", sizeBytes: 1, sha256: sha256("r"), text: "r" },
  ]);
});

test("without a repository up to the project, outside of it only beside the code", async (context) => {
  const top = treeOf(context, { "yarn.lock": "1", "p/yarn.lock": "2", "p/a/yarn.lock": "3" });
  const { lockFiles } = machineSource({ environment: {} });
  const paths = async (projectFolder: string) =>
    (await lockFiles({ file: path.join(top, "p/a/x.ts"), projectFolder })).map((each) => each.path);
  assert.deepEqual(await paths(path.join(top, "p")), ["yarn.lock", "a/yarn.lock"]);
  assert.deepEqual(await paths(path.join(top, "elsewhere")), ["yarn.lock"]);
});

test("a lock file that is a folder is none, one that leads nowhere neither, one in a loop is an error", async (context) => {
  const top = treeOf(context, { "uv.lock/x": "", bytes: "" });
  writeFileSync(path.join(top, "yarn.lock"), new Uint8Array([0xff, 0xfe]));
  const { lockFiles } = machineSource({ environment: {} });
  const request = { file: path.join(top, "x.ts"), projectFolder: top };
  const [found, ...more] = await lockFiles(request);
  assert.deepEqual([found?.path, found?.text, more], ["yarn.lock", undefined, []]);
  symlinkSync("poetry.lock", path.join(top, "poetry.lock"));
  await assert.rejects(lockFiles(request), (error) => isAlmanacError(error, "FILE_UNREADABLE"));
});
