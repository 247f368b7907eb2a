// Compares solver and oracle over a fixed list of random cases. Exit code 0: they agree; 9: they differ.
import fc from "fast-check";
import { sha1Hex } from "../../src/core/identity/digest.ts";
import { linesOfOracle, linesOfPlan, oracleOf, planOf, randomCase } from "./differential.ts";

const silent = (): undefined => undefined;
const plans: string[] = [];
const { failed, counterexample, errorInstance, numRuns } = fc.check(
  fc.property(randomCase, (each) => {
    const plan = planOf(each);
    plans.push(JSON.stringify(plan));
    return linesOfPlan(plan).join("\n") === linesOfOracle(oracleOf(each, silent)).join("\n");
  }),
  { numRuns: Number(process.env["CASES"] ?? 3000), seed: 20_260_101, endOnFailure: true },
);

if (failed && errorInstance instanceof Error && !errorInstance.message.includes("returning false"))
  throw errorInstance;
if (failed) {
  console.log(`they differ in case ${numRuns}: ${JSON.stringify(counterexample)}`);
  process.exitCode = 9;
} else console.log(`${numRuns} cases agree ${sha1Hex(plans.join("\n"))}`);
