import { defineConfig } from "almanac";

/** The provider beside this file, and the one that comes with Almanac. */
export default defineConfig({
  providers: { modules: ["builtin:climate", "provider.ts"] },
});
