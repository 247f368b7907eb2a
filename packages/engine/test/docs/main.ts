// npm run docs: writes docs/commands.md, which is made from the program itself.
import { writeFileSync } from "node:fs";
import { commandReference } from "./command-reference.ts";

writeFileSync(new URL("../../../../docs/commands.md", import.meta.url), await commandReference());
