import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a server treats one request. */
export type Answer =
  /** Gives what is asked for. */
  | { readonly kind: "good" }
  /** Gives the whole, whatever range is asked for. */
  | { readonly kind: "whole" }
  /** Breaks the connection after so many bytes. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** Sends so many bytes and then nothing more, the connection open. */
  | { readonly kind: "stall"; readonly afterBytes: number }
  /** Gives other bytes of the same size. */
  | { readonly kind: "lie" }
  /** Sends without end. */
  | { readonly kind: "endless" }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string };

/** What a request asked for. */
export interface SeenRequest {
  readonly path: string;
  readonly range: string | undefined;
}

/** A real server on this machine, for tests of what fetches. */
export interface RemoteServer extends AsyncDisposable {
  /** Ends without a slash. */
  readonly origin: string;
  readonly seen: readonly SeenRequest[];
  /** How the next requests are treated, in turn; those behind them are treated well. */
  next(...answers: readonly Answer[]): void;
}

/** Starts a server on a free port of this machine. @param files path with its slash → what lies there */
export async function serveFiles(files: Readonly<Record<string, Uint8Array>>): Promise<RemoteServer> {
  const seen: SeenRequest[] = [];
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    seen.push({ path, range: request.headers.range });
    const bytes = files[path];
    if (bytes === undefined) response.writeHead(404).end("there is no such file");
    else respond(answers.shift() ?? { kind: "good" }, { request, response, bytes });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    next: (...more) => answers.push(...more),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Time for a reader to take what was sent: a connection that breaks loses what was not taken. */
const settleMs = 150;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bytes: Uint8Array;
}

function respond(answer: Answer, { request, response, bytes }: Exchange): void {
  const [, asked] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
  const from = asked === undefined || answer.kind === "whole" ? 0 : Number(asked);
  const rest = bytes.subarray(from);
  if (answer.kind === "status") {
    const after = answer.retryAfter === undefined ? {} : { "retry-after": answer.retryAfter };
    response.writeHead(answer.status, after).end("not now");
    return;
  }
  if (answer.kind === "endless") return sendEndlessly(response);
  if (from > 0 && rest.length === 0) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  const range = from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length, ...range });
  if (answer.kind === "lie") response.end(Buffer.alloc(rest.length, "lie"));
  else if (answer.kind === "cut")
    response.write(rest.subarray(0, answer.afterBytes), () => setTimeout(() => response.destroy(), settleMs));
  else if (answer.kind === "stall") response.write(rest.subarray(0, answer.afterBytes));
  else response.end(rest);
}

function sendEndlessly(response: ServerResponse): void {
  response.writeHead(200);
  const send = (): void => {
    if (!response.destroyed) response.write(Buffer.alloc(64 * 1024), () => setImmediate(send));
  };
  send();
}
