import { closeSync, openSync, readSync, statSync } from "node:fs";
import { AlmanacError } from "../../core/errors.ts";
import { openHdf5Data } from "./hdf5-data.ts";
import { headBytes, signatureOf } from "./header-signature.ts";
import { openNetcdf3Data } from "./netcdf3-data.ts";
import type { Attributes, Hyperslab, NetcdfVariable, RawFile } from "./raw-file.ts";
import { decodeStored } from "./stored-values.ts";

/** An open NetCDF file. Close it when done. */
export interface NetcdfFile {
  readonly path: string;
  /** Global attributes. */
  readonly attributes: Attributes;
  readonly variables: ReadonlyMap<string, NetcdfVariable>;
  /**
   * Values of a numeric variable, or of a part of it, unpacked, missing ones as NaN, in row-major order. A new array.
   * @throws FILE_INVALID when there is no such variable, it holds text, or the file is damaged
   */
  read(name: string, slab?: Hyperslab): Float64Array;
  /** The variable's description. @throws FILE_INVALID when there is none */
  requireVariable(name: string): NetcdfVariable;
  /** Idempotent. */
  close(): void;
}

/**
 * Opens a NetCDF-4 or NetCDF-3 file for reading.
 * @param path on this machine
 * @throws FILE_MISSING when there is no such file
 * @throws FILE_UNREADABLE when it cannot be opened
 * @throws FILE_INVALID when it is truncated or of another format
 */
export async function openNetcdf(path: string): Promise<NetcdfFile> {
  const signature = fileSignature(path);
  if (signature.kind === "refused")
    throw new AlmanacError("FILE_INVALID", `${path}: ${signature.reason}`, { facts: { path } });
  const raw = signature.kind === "hdf5" ? await openHdf5Data(path) : openNetcdf3Data(path);
  return netcdfFile(path, raw);
}

function fileSignature(path: string): ReturnType<typeof signatureOf> {
  try {
    const { size } = statSync(path);
    const descriptor = openSync(path, "r");
    try {
      const head = Buffer.alloc(Math.min(size, headBytes));
      return signatureOf(head.subarray(0, readSync(descriptor, head, 0, head.length, 0)), size);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new AlmanacError(missing ? "FILE_MISSING" : "FILE_UNREADABLE", `cannot open ${path}`, {
      facts: { path },
      cause: error,
    });
  }
}

function netcdfFile(path: string, raw: RawFile): NetcdfFile {
  const requireVariable = (name: string): NetcdfVariable => {
    const variable = raw.variables.get(name);
    if (variable === undefined)
      throw new AlmanacError("FILE_INVALID", `${path} has no variable ${name}`, {
        facts: { path, name, variables: [...raw.variables.keys()] },
      });
    return variable;
  };
  return {
    path,
    attributes: raw.attributes,
    variables: raw.variables,
    requireVariable,
    read: (name, slab) => {
      const variable = requireVariable(name);
      if (variable.type === "text")
        throw new AlmanacError("FILE_INVALID", `${name} of ${path} holds text, not numbers`);
      const whole = { start: variable.shape.map(() => 0), count: variable.shape };
      return decodeStored(raw.readStored(variable, slab ?? whole), variable);
    },
    close: () => raw.close(),
  };
}

/**
 * Opens a file, hands it to a function and closes it, whatever happens.
 * @throws like `openNetcdf`, and what the function throws
 */
export async function withNetcdf<T>(path: string, use: (file: NetcdfFile) => T | Promise<T>): Promise<T> {
  const file = await openNetcdf(path);
  try {
    return await use(file);
  } finally {
    file.close();
  }
}
