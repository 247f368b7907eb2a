import { AlmanacError } from "../../core/errors.ts";
import type { HeaderReader, HeaderResult } from "../../ports/header-reader.ts";
import { loadHdf5 } from "./hdf5.ts";
import { readHeaderFile } from "./header-file.ts";

/** Opens files in this process: for a handful of files, where starting workers would take longer than reading. */
export class InlineHeaders implements HeaderReader {
  async *read(paths: Iterable<string>, signal: AbortSignal): AsyncGenerator<HeaderResult> {
    const { ready } = await loadHdf5();
    const module = await ready;
    for (const path of paths) {
      if (signal.aborted)
        throw new AlmanacError("INTERRUPTED", "interrupted while files were opened", {
          cause: signal.reason,
        });
      yield readHeaderFile(module, path);
    }
  }

  async close(): Promise<void> {}
}
