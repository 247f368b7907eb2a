import { statfs } from "node:fs/promises";
import { AlmanacError } from "../../core/errors.ts";

/**
 * File systems on which SQLite's shared memory or locks do not hold between machines.
 * @source statfs(2), Linux: f_type magic numbers
 */
const networked: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x65735546, "FUSE"],
  [0x5346414f, "AFS"],
  [0x73757245, "Coda"],
  [0x00c36400, "Ceph"],
  [0x19830326, "BeeGFS"],
  [0xaad7aaea, "PanFS"],
  [0x7461636f, "OCFS2"],
  [0x01161970, "GFS2"],
]);

/**
 * Name of the networked or parallel file system with this magic number, or undefined for a local one.
 * @param type `type` of `statfs`; negative where the system reports it signed
 */
export function networkedFileSystem(type: number): string | undefined {
  return networked.get(type >>> 0);
}

/**
 * Refuses to keep a catalog where write-ahead logging is unsafe.
 * @param folder folder of the catalog file; it exists
 * @throws ENVIRONMENT_INVALID when the folder is on a networked or parallel file system
 */
export async function requireLocalFileSystem(folder: string): Promise<void> {
  const name = networkedFileSystem((await statfs(folder)).type);
  if (name === undefined) return;
  throw new AlmanacError(
    "ENVIRONMENT_INVALID",
    `the folder ${folder} is on ${name}, where SQLite would damage the catalog`,
    {
      hint: "name a file on a local disk as catalog.url in the configuration; scratch and results may stay where they are",
      facts: { folder, fileSystem: name },
    },
  );
}
