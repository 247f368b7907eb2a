import { testProductStore } from "../../ports/product-store.contract.ts";
import { createMemoryProducts } from "./product-store.ts";

testProductStore("memory", () => ({ store: createMemoryProducts(), close: () => {} }));
