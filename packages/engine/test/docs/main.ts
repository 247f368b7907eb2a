// npm run docs: writes docs/commands.md and the list of what the package exports, which are made from the program itself.
import { writeFileSync } from "node:fs";
import { agreedList, exportList } from "../api/export-list.ts";
import { commandReference } from "./command-reference.ts";

writeFileSync(new URL("../../../../docs/commands.md", import.meta.url), await commandReference());
writeFileSync(agreedList, exportList());
