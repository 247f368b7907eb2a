import { testBlobStore } from "../../ports/blob-store.contract.ts";
import { createMemoryBlobs } from "./blob-store.ts";

testBlobStore("memory", () => ({ store: createMemoryBlobs(), close: () => {} }));
