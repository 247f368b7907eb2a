import type { Action, ActionRecord, Ingredients, Output, Provenance } from "./action.ts";

/**
 * Where the parts of a stored action lie in its bytes: 32 bytes key, 8 own digest, 8 shape digest, 2 length of the name,
 * 4 length of the outputs (both big-endian), then the step's name, outputs as JSON and the rest as JSON.
 */
export const layout = { key: 0, own: 32, shape: 40, nameLength: 48, outputsLength: 50, name: 54 } as const;

/** Bytes of part of a buffer. */
export interface ByteRange {
  readonly chunk: Buffer;
  readonly start: number;
  readonly end: number;
}

/** An output as stored: product, codec, digest, size, digest of the bytes, place, files; what is undefined is left out. */
type StoredOutput = readonly [string, string, string, number, (string | 0)?, number?, Output["files"]?];

interface Rest {
  readonly o: string;
  readonly s: string;
  readonly i: Ingredients;
  readonly p: Provenance;
}

/** The bytes of an action. */
export function encodeAction(record: ActionRecord): Buffer {
  const name = Buffer.from(record.step);
  const outputs = Buffer.from(JSON.stringify(record.outputs.map(storedOutput)));
  const rest: Rest = { o: record.own, s: record.shape, i: record.ingredients, p: record.provenance };
  const tail = Buffer.from(JSON.stringify(rest));
  const bytes = Buffer.allocUnsafe(layout.name + name.length + outputs.length + tail.length);
  bytes.write(record.key, layout.key, 32, "hex");
  bytes.write(record.own, layout.own, 8, "hex");
  bytes.write(record.shape, layout.shape, 8, "hex");
  bytes.writeUInt16BE(name.length, layout.nameLength);
  bytes.writeUInt32BE(outputs.length, layout.outputsLength);
  name.copy(bytes, layout.name);
  outputs.copy(bytes, layout.name + name.length);
  tail.copy(bytes, layout.name + name.length + outputs.length);
  return bytes;
}

function storedOutput({ product, codec, digest, bytes, sha256, at, files }: Output): StoredOutput {
  const stored = [product, codec, digest, bytes, sha256 ?? 0, at ?? -1] as const;
  return files === undefined ? stored : [...stored, files];
}

function outputOf([product, codec, digest, bytes, sha256, at, files]: StoredOutput): Output {
  return {
    product,
    codec,
    digest,
    bytes,
    ...(typeof sha256 === "string" ? { sha256 } : {}),
    ...(at === undefined || at < 0 ? {} : { at }),
    ...(files === undefined ? {} : { files }),
  };
}

/** Bytes of an action before what is needed of it only now and then: up to the end of its outputs. */
export function headLength({ chunk, start }: ByteRange): number {
  return (
    layout.name +
    chunk.readUInt16BE(start + layout.nameLength) +
    chunk.readUInt32BE(start + layout.outputsLength)
  );
}

/** The step's name in an action's bytes. */
export function stepNameIn({ chunk, start }: ByteRange): string {
  const from = start + layout.name;
  return chunk.toString("utf8", from, from + chunk.readUInt16BE(start + layout.nameLength));
}

/** What decisions need of a stored action. */
export function decodeAction(
  { chunk, start }: ByteRange,
  ordinal: number,
  { key }: { readonly key?: string } = {},
): Action {
  const from = start + layout.name + chunk.readUInt16BE(start + layout.nameLength);
  const end = from + chunk.readUInt32BE(start + layout.outputsLength);
  const stored = JSON.parse(chunk.toString("utf8", from, end)) as readonly StoredOutput[];
  return {
    key: key ?? chunk.toString("hex", start + layout.key, start + layout.key + 32),
    outputs: stored.map(outputOf),
    ordinal,
  };
}

/** Everything of a stored action. */
export function decodeRecord(range: ByteRange, action: Action): ActionRecord {
  const { chunk, start, end } = range;
  const from = start + headLength(range);
  const { o, s, i, p } = JSON.parse(chunk.toString("utf8", from, end)) as Rest;
  const { key, outputs } = action;
  return { key, outputs, step: stepNameIn(range), own: o, shape: s, ingredients: i, provenance: p };
}
