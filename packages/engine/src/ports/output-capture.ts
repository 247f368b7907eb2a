/** Takes what is written to standard output and standard error, as bytes or text. */
export type OutputSink = (bytes: Uint8Array | string) => void;

/**
 * Runs a function while everything that it, and what it started, writes to standard output and standard error through
 * Node.js (console included) goes to the sink. What others write meanwhile is not touched.
 */
export type OutputCapture = <T>(sink: OutputSink, run: () => Promise<T>) => Promise<T>;
