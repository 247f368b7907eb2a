import { testFragmentStore } from "../../ports/fragment-store.contract.ts";
import { createMemoryFragmentStore } from "./fragment-store.ts";

testFragmentStore("memory", async () => {
  const source = createMemoryFragmentStore("scratch");
  return {
    source,
    destination: createMemoryFragmentStore("results"),
    write: (...file) => source.write(...file),
    close: async () => {},
  };
});
