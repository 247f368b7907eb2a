import path from "node:path";
import type { Gpu } from "../../core/records/environment-snapshot.ts";
import { namesIn, textIfPresent } from "./read-if-present.ts";

/** Vendors whose processors compute. @source PCI ID repository */
const vendors: Readonly<Record<string, string>> = { "0x10de": "NVIDIA", "0x1002": "AMD" };

/** Processors that the NVIDIA driver tells of: no program is started. */
async function fromDriver(root: string): Promise<readonly Gpu[]> {
  const folder = path.join(root, "proc/driver/nvidia");
  const version = /Kernel Module\s+(?:for \S+\s+)?(\d[\d.]*)/.exec(
    (await textIfPresent(path.join(folder, "version"))) ?? "",
  )?.[1];
  const gpus = await Promise.all(
    (await namesIn(path.join(folder, "gpus"))).map(async (each) => {
      const text = (await textIfPresent(path.join(folder, "gpus", each, "information"))) ?? "";
      const name = /^Model:\s*(.+?)\s*$/m.exec(text)?.[1] ?? "NVIDIA";
      return { name, ...(version === undefined ? {} : { driver: version }) };
    }),
  );
  return gpus;
}

/** Processors on the bus, by vendor and device. */
async function fromBus(root: string): Promise<readonly Gpu[]> {
  const folder = path.join(root, "sys/class/drm");
  const cards = (await namesIn(folder)).filter((name) => /^card\d+$/.test(name)).toSorted();
  const found = await Promise.all(
    cards.map(async (card): Promise<readonly Gpu[]> => {
      const read = async (name: string) =>
        ((await textIfPresent(path.join(folder, card, "device", name))) ?? "").trim();
      const vendor = vendors[await read("vendor")];
      return vendor === undefined ? [] : [{ name: `${vendor} device ${await read("device")}` }];
    }),
  );
  return found.flat();
}

/** Graphics processors that are visible; none where the system does not tell. @param root `/`, or a copy of it */
export async function visibleGpus(root: string): Promise<readonly Gpu[]> {
  const driven = await fromDriver(root);
  return driven.length > 0 ? driven : fromBus(root);
}
