import { testSolverMemoryStore } from "../../ports/solver-memory.contract.ts";
import { volatileSolverMemory } from "./solver-memory.ts";

testSolverMemoryStore("of one process", (body) => body(volatileSolverMemory()));
