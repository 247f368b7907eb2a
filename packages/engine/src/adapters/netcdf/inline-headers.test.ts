import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { headerReaderContract } from "../../ports/header-reader.contract.ts";
import { InlineHeaders } from "./inline-headers.ts";
import { writeNetcdf } from "./writer.ts";

const folder = mkdtempSync(join(tmpdir(), "almanac-inline-headers-"));
after(() => rmSync(folder, { recursive: true }));

headerReaderContract("inline", async () => {
  const good = ["a.nc", "b.nc", "c.nc"].map((name) => join(folder, name));
  for (const path of good) await writeNetcdf(path, { dimensions: {}, variables: [], attributes: {} });
  const bad = join(folder, "bad.nc");
  writeFileSync(bad, "<html>404</html>");
  return { reader: new InlineHeaders(), good, bad, absent: join(folder, "absent.nc") };
});
