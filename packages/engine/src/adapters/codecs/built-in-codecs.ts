import type { Codec } from "../../core/steps/codec.ts";
import { fileCodec, folderCodec } from "./file-codecs.ts";
import { bufferCodec, bytesCodec, jsonCodec, textCodec } from "./plain-codecs.ts";
import { structuredCodec } from "./structured-codec.ts";

/** Codecs that are always there; the first that accepts a value is taken. */
export const builtInCodecs: readonly Codec[] = [
  textCodec,
  bytesCodec,
  bufferCodec,
  fileCodec,
  folderCodec,
  jsonCodec,
  structuredCodec,
];
