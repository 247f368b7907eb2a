import type { ICruiseOptions, IForbiddenRuleType } from "dependency-cruiser";

const engine = "^packages/engine/src/";

/** Stages of core in their order: a stage imports its own files and earlier stages only. */
export const coreStages: readonly (readonly string[])[] = [
  ["(errors|result|json)\\.ts"],
  ["identity/"],
  ["time/"],
  ["units/", "science/"],
  ["catalog/"],
  ["results/"],
  ["records/"],
  ["execution/"],
  ["diagnostic/"],
  ["solver/"],
  ["configuration/"],
  ["steps/"],
  ["provenance/"],
];

const tests = "\\.(test|contract|harness)\\.ts$";

function stageRule(stage: readonly string[], at: number): IForbiddenRuleType {
  const later = coreStages.slice(at + 1).flat();
  return {
    name: `core-stage-${at === 0 ? "errors" : stage.join("-").replaceAll("/", "")}`,
    comment: `An earlier stage of core (${stage.join(", ")}) does not know a later one: move the shared part down, or the user of it up.`,
    severity: "error",
    from: { path: `${engine}core/(${stage.join("|")})`, pathNot: tests },
    to: { path: `${engine}core/(${later.join("|")})` },
  };
}

/**
 * Who may import whom. Data flows one way: core ← ports ← app, core ← documents; adapters and entry are outside.
 * Each rule's comment says what to do instead; each has a planted violation in `rules.test.ts`.
 */
export const layerRules: readonly IForbiddenRuleType[] = [
  {
    name: "no-cycle",
    comment:
      "Two modules that need each other are one, or hide a third: move what both need into a module of its own. Types count.",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  {
    name: "no-unresolvable",
    comment:
      "The import leads nowhere: correct the path, with its extension, or add the package with an exact version.",
    severity: "error",
    from: {},
    to: { couldNotResolve: true, pathNot: "^almanac(/|$)" },
  },
  ...coreStages.slice(0, -1).map(stageRule),
  {
    name: "core-known-stage",
    comment:
      "core has only the stages listed in coreStages above: put the file into one of them, or add a stage in its place.",
    severity: "error",
    from: {},
    to: { path: `${engine}core/`, pathNot: `${engine}core/(${coreStages.flat().join("|")})` },
  },
  {
    name: "core-imports-core",
    comment:
      "core imports nothing outside of core: define the type in core, or take the value as an argument.",
    severity: "error",
    from: { path: `${engine}core/`, pathNot: tests },
    to: { path: "^packages/|^scripts/", pathNot: `${engine}core/` },
  },
  {
    name: "core-no-packages",
    comment:
      "core needs no package (but the pure fastest-levenshtein and ignore): validate and convert in documents/, entry/ or an adapter and hand over plain values.",
    severity: "error",
    from: { path: `${engine}core/`, pathNot: tests },
    to: {
      dependencyTypes: ["npm", "npm-dev", "npm-optional"],
      pathNot: "node_modules/(fastest-levenshtein|ignore)/",
    },
  },
  {
    name: "core-no-node",
    comment:
      "core has no disk, clock or network: only core/identity/digest.ts may import node:crypto. Put the rest behind a port.",
    severity: "error",
    from: { path: `${engine}core/`, pathNot: [tests, `${engine}core/identity/digest\\.ts$`] },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "ports-import-core",
    comment:
      "A port speaks core types only: no use case, adapter, vendor package or Node module in its signature.",
    severity: "error",
    from: { path: `${engine}ports/`, pathNot: tests },
    to: { pathNot: `${engine}(core|ports)/` },
  },
  {
    name: "documents-import-core",
    comment:
      "Documents are JSON forms of core values and run in a browser: import core and validation packages only.",
    severity: "error",
    from: { path: `${engine}documents/`, pathNot: tests },
    to: { path: `${engine}`, pathNot: `${engine}(core|documents)/` },
  },
  {
    name: "app-imports-ports",
    comment:
      "A use case knows core, documents and ports: what touches the world comes in as a port, wired in entry/.",
    severity: "error",
    from: { path: `${engine}app/`, pathNot: tests },
    to: { path: `${engine}`, pathNot: `${engine}(core|ports|documents|app)/` },
  },
  {
    name: "app-no-packages",
    comment:
      "A use case uses no vendor package or Node module that touches the world: put it behind a port in ports/ and an adapter.",
    severity: "error",
    from: { path: `${engine}app/`, pathNot: tests },
    to: { dependencyTypes: ["npm", "npm-dev", "core"], pathNot: "^(node:)?(path|path/posix|crypto)$" },
  },
  {
    name: "adapters-apart",
    comment: "Adapters do not know each other: share through a port or core, or merge the two folders.",
    severity: "error",
    from: { path: `${engine}adapters/([^/]+)/`, pathNot: tests },
    to: { path: `${engine}adapters/`, pathNot: `${engine}adapters/$1/` },
  },
  {
    name: "adapters-inward",
    comment:
      "An adapter implements a port: it does not know use cases, providers or entries. Hand in what it needs.",
    severity: "error",
    from: { path: `${engine}adapters/`, pathNot: tests },
    to: { path: `${engine}(app|entry|providers)/` },
  },
  {
    name: "providers-use-the-library",
    comment:
      "Built-in diagnostics are written as a user would: import what src/entry/library offers, or offer it there.",
    severity: "error",
    from: { path: `${engine}providers/`, pathNot: tests },
    to: { path: `${engine}`, pathNot: [`${engine}entry/library/`, `${engine}providers/`] },
  },
  {
    name: "library-free-of-programs",
    comment:
      "The library is imported by others: it does not reach the programs (cli, worker, server). Move the shared part beside them.",
    severity: "error",
    from: { path: `${engine}entry/library/`, pathNot: tests },
    to: { path: `${engine}entry/(cli|worker|header-worker|server)/` },
  },
  {
    name: "no-tests-in-programs",
    comment: "Tests and contract suites are imported by tests only: move what a program needs out of them.",
    severity: "error",
    from: { path: "^(packages/[^/]+/src|scripts)/", pathNot: tests },
    to: { path: `${tests}|^packages/[^/]+/test/` },
  },
  {
    name: "no-development-packages",
    comment:
      "What is published may use only dependencies of packages/engine/package.json: add it there with an exact version. The one exception names the types of an optional peer.",
    severity: "error",
    from: {
      path: "^packages/[^/]+/src/",
      pathNot: [tests, "^packages/engine/src/entry/testing/fast-check\\.ts$"],
    },
    // A package that the scripts use too is of both kinds.
    to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["npm"] },
  },
];

/** How modules are found: swc, because TypeScript 7 has no JavaScript interface for dependency-cruiser's own parser. */
export const layerOptions: ICruiseOptions = {
  parser: "swc",
  tsPreCompilationDeps: true,
  doNotFollow: { path: "node_modules" },
  exclude: { path: "^packages/[^/]+/dist/" },
  enhancedResolveOptions: {
    extensions: [".ts", ".js", ".json"],
    conditionNames: ["node", "import", "default"],
    exportsFields: ["exports"],
  },
  combinedDependencies: true,
};

/** Beside the rules above: this one follows imports over several modules, types left out. */
export const browserRule = {
  name: "documents-run-in-a-browser",
  comment:
    "Documents may not reach a Node module, directly or by way of core: import types, take the digest as a value, or use a core module free of it.",
  from: new RegExp(`${engine}documents/`),
  pathNot: new RegExp(tests),
};
