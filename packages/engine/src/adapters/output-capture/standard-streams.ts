import { AsyncLocalStorage } from "node:async_hooks";
import type { OutputCapture, OutputSink } from "../../ports/output-capture.ts";

type Write = typeof process.stdout.write;

/** Sends writes of a captured computation to its sink, all others where they were going. */
function redirected(stream: NodeJS.WriteStream, sinks: AsyncLocalStorage<OutputSink>): Write {
  const through = stream.write.bind(stream) as Write;
  return ((chunk: Uint8Array | string, encoding?: unknown, done?: unknown): boolean => {
    const sink = sinks.getStore();
    if (sink === undefined) return through(chunk, encoding as BufferEncoding, done as () => void);
    sink(
      typeof chunk === "string" && typeof encoding === "string"
        ? Buffer.from(chunk, encoding as BufferEncoding)
        : chunk,
    );
    const callback = typeof encoding === "function" ? encoding : done;
    if (typeof callback === "function") queueMicrotask(() => callback());
    return true;
  }) as Write;
}

/**
 * Takes over this process's standard output and standard error, for its whole life; to be called once by a program.
 * What native code or a child process writes to the file descriptors is not seen.
 */
export function captureStandardStreams(): OutputCapture {
  const sinks = new AsyncLocalStorage<OutputSink>();
  for (const stream of [process.stdout, process.stderr]) stream.write = redirected(stream, sinks);
  return (sink, run) => sinks.run(sink, run);
}
