import { AlmanacError } from "../errors.ts";

/**
 * Checks the name of a blob: parts joined by `/`, of letters, digits, `-`, `_` and `.`, none of which begins with a dot.
 * @throws ARTIFACT_INVALID
 */
export function requireBlobName(name: string): void {
  if (/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(name)) return;
  throw new AlmanacError("ARTIFACT_INVALID", `"${name}" is no name of a blob`);
}

/** The error of content that has another digest than was said. @param found its digest */
export function otherDigest(
  name: string,
  wanted: string,
  { found }: { readonly found: string },
): AlmanacError {
  return new AlmanacError("ARTIFACT_INVALID", `${name} was to have sha256 ${wanted} and has ${found}`, {
    hint: "try again; if it happens again, check the disk",
    facts: { name, wanted, found },
  });
}
