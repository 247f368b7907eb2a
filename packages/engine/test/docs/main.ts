// npm run docs: writes docs/commands.md, docs/provider.schema.json and the list of what the package exports, which are made
// from the program itself.
import { writeFileSync } from "node:fs";
import { providerFileJsonSchema } from "../../src/documents/provider/schema.ts";
import { agreedList, exportList } from "../api/export-list.ts";
import { commandReference } from "./command-reference.ts";

writeFileSync(new URL("../../../../docs/commands.md", import.meta.url), await commandReference());
writeFileSync(agreedList, exportList());

const schema = new URL("../../../../docs/provider.schema.json", import.meta.url);
writeFileSync(schema, `${JSON.stringify(providerFileJsonSchema(), null, 2)}\n`);
