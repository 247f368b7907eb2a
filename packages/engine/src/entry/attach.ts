import path from "node:path";
import { openFragmentStore } from "../adapters/files/fragment-store.ts";
import { attachArtifact } from "../app/attach-artifact.ts";
import type { ReingestPorts } from "../app/reingest.ts";
import type { Rid } from "../core/identity/rid.ts";
import { unobserved } from "../ports/durable.ts";
import type { AttachRequest } from "./project.ts";

/** Adds a local file to a published execution. @returns what to tell @throws what `attachArtifact` throws */
export async function attachOne(
  rid: Rid,
  { request, ports }: { readonly request: AttachRequest; readonly ports: ReingestPorts },
): Promise<string> {
  const { file, ...described } = request;
  const folder = path.dirname(file);
  const source = {
    store: openFragmentStore(path.dirname(folder), unobserved),
    fragment: path.basename(folder),
    file: path.basename(file),
  };
  const attachment = { ...described, source };
  const done = await attachArtifact(rid, { attachment, ports });
  return done.added ? `added ${done.path}` : `there already: ${done.path}`;
}
