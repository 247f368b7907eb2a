import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CleanUp } from "./clean-up.ts";

const program = `
import { readFileSync, writeFileSync } from "node:fs";
import { serveFiles } from ${JSON.stringify(import.meta.resolve("../../src/ports/remote-server.harness.ts"))};
const [path, folder] = process.argv.slice(1);
let requests = 0;
const files = Object.defineProperty({}, path, { get() {
  requests += 1;
  writeFileSync(folder + "/requests", String(requests));
  return readFileSync(folder + "/bytes");
} });
const { origin } = await serveFiles(files);
process.stdout.write(origin);
`;

/** A server in a process of its own. */
export interface ServerApart {
  /** URL of the file. */
  readonly url: string;
  /** Requests for it so far. */
  requests(): number;
}

/** Serves one file from another process, so that this one may wait for programs that fetch it. */
export async function serveApart(
  cleanUp: CleanUp,
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
): Promise<ServerApart> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-served-"));
  writeFileSync(join(folder, "bytes"), bytes);
  writeFileSync(join(folder, "requests"), "0");
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, path, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanUp.after(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const [origin] = (await once(child.stdout, "data")) as [Buffer];
  return {
    url: `${String(origin)}${path}`,
    requests: () => Number(readFileSync(join(folder, "requests"), "utf8")),
  };
}
