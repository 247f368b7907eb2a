import type { FileHeader } from "../../core/catalog/source-type.ts";
import { headerReaderContract } from "../../ports/header-reader.contract.ts";
import { MemoryHeaders } from "./memory-headers.ts";

headerReaderContract("memory", async () => {
  const good = ["/a.nc", "/b.nc", "/c.nc"];
  const header = { attributes: {}, variables: {}, verticalLevels: 1 };
  const headers = new Map<string, FileHeader | string>(good.map((path) => [path, header]));
  headers.set("/bad.nc", "empty file");
  return { reader: new MemoryHeaders(headers), good, bad: "/bad.nc", absent: "/absent.nc" };
});
