import { readLabels } from "./bag-labels.ts";

/** What the declaration of a bag says. */
export interface BagDeclaration {
  /** Such as `1.0`. */
  readonly version: string;
  /** Of its tag files, such as `UTF-8`. */
  readonly encoding: string;
}

/** Size of a payload: bytes and number of files. */
export interface PayloadOxum {
  readonly bytes: number;
  readonly files: number;
}

/** Text of `bagit.txt`. @source RFC 8493, section 2.1.1 */
export const bagDeclarationText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/** Reads `bagit.txt`: version and encoding, whatever else there is. */
export function readBagDeclaration(text: string): BagDeclaration | { readonly problem: string } {
  if (text.startsWith("\uFEFF")) return { problem: "bagit.txt begins with a byte order mark" };
  const labels = new Map(readLabels(text).entries.map(([label, value]) => [label.toLowerCase(), value]));
  const version = labels.get("bagit-version");
  const encoding = labels.get("tag-file-character-encoding");
  if (version === undefined || !/^\d+\.\d+$/.test(version))
    return { problem: "bagit.txt has no BagIt-Version" };
  if (encoding === undefined) return { problem: "bagit.txt has no Tag-File-Character-Encoding" };
  if (!/^(0\.9[3-7]|1\.0)$/.test(version))
    return { problem: `bagit.txt is of BagIt ${version}; 0.93 to 1.0 are understood` };
  return { version, encoding };
}

/** Text of a Payload-Oxum. */
export function oxumText({ bytes, files }: PayloadOxum): string {
  return `${bytes}.${files}`;
}

/** Reads a Payload-Oxum. @returns undefined when it is none */
export function readOxum(text: string): PayloadOxum | undefined {
  const match = /^(\d+)\.(\d+)$/.exec(text.trim());
  return match === null ? undefined : { bytes: Number(match[1]), files: Number(match[2]) };
}
