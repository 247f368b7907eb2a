import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder with peers' cases beside the repository; most checkouts have none. */
export const conformanceFolder = fileURLToPath(
  new URL("../../../../../shared/conformance/", import.meta.url),
);

/** For `skip` of `node:test`: false, or why the cases cannot run. */
export const skipWithoutCases: string | false = existsSync(conformanceFolder)
  ? false
  : "the peers' cases (../shared/conformance) are not here";
