import type { Statement, VariableDeclarator } from "@swc/core";
import { Visitor } from "@swc/core/Visitor.js";
import { cruise, type ICruiseResult, type IModule } from "dependency-cruiser";
import type { Check } from "./check.ts";
import { browserRule, layerOptions, layerRules } from "./layer-rules.ts";

/** With fewer modules than this the search itself is broken: it once found none and called that success. */
const leastModules = 50;

/** Import directions and cycles between the modules below `packages/` and `scripts/`. */
export const layers: Check = {
  name: "layers",
  run: async (root) => {
    readUsingDeclarations();
    const { output } = await cruise(
      ["packages", "scripts"],
      { ...layerOptions, baseDir: root, validate: true, ruleSet: { forbidden: [...layerRules] } },
      { extensions: [".ts", ".js", ".json"] },
    );
    if (typeof output === "string") return { ok: false, output };
    return verdict(output);
  },
};

function verdict(result: ICruiseResult): { ok: boolean; output: string } {
  const { violations, totalCruised } = result.summary;
  const lines = violations.map(({ rule, from, to, cycle }) => {
    const path = (cycle ?? []).map((step) => step.name).join(" → ");
    const comment = layerRules.find((one) => one.name === rule.name)?.comment ?? "";
    return `${from} → ${path === "" ? to : path}\n  layers(${rule.name}): ${comment}`;
  });
  lines.push(...nodeModulesBehindDocuments(result.modules));
  if (totalCruised < leastModules) {
    lines.push(`layers: only ${totalCruised} modules were seen, at least ${leastModules} are expected`);
  }
  return { ok: lines.length === 0, output: lines.join("\n") };
}

function nodeModulesBehindDocuments(modules: readonly IModule[]): readonly string[] {
  const bySource = new Map(modules.map((module) => [module.source, module]));
  const { from, pathNot, name, comment } = browserRule;
  const documents = modules.filter(({ source }) => from.test(source) && !pathNot.test(source));
  return documents.flatMap(({ source }) => {
    const path = pathToNode(source, bySource);
    return path === undefined ? [] : [`${path.join(" → ")}\n  layers(${name}): ${comment}`];
  });
}

/** The shortest chain of imports that a running program follows from a module to one of Node's. */
function pathToNode(start: string, modules: ReadonlyMap<string, IModule>): readonly string[] | undefined {
  const chains = new Map<string, readonly string[]>([[start, [start]]]);
  for (const [source, chain] of chains) {
    for (const dependency of modules.get(source)?.dependencies ?? []) {
      const kinds: readonly string[] = dependency.dependencyTypes;
      if (kinds.includes("type-only")) continue;
      const next = [...chain, dependency.resolved];
      if (kinds.includes("core")) return next;
      if (!kinds.includes("npm") && !chains.has(dependency.resolved)) chains.set(dependency.resolved, next);
    }
  }
  return undefined;
}

/** The tree walker of swc stops at `using` declarations, which it does not know; they hold variables like any other. */
function readUsingDeclarations(): void {
  const known = Reflect.get(Visitor.prototype, "visitStatement");
  Visitor.prototype.visitStatement = function visitStatement(this: Visitor, statement: Statement): Statement {
    if ((statement.type as string) !== "UsingDeclaration") return known.call(this, statement);
    this.visitVariableDeclarators((statement as unknown as { decls: VariableDeclarator[] }).decls);
    return statement;
  };
}
