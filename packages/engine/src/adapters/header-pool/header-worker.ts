import { type ChildProcess, fork } from "node:child_process";
import type { HeaderReply, HeaderRequest } from "./protocol.ts";

/** How a worker answered a request. */
export type Answer =
  | { readonly kind: "reply"; readonly reply: HeaderReply }
  /** The process is gone, or was ended because it took too long. */
  | { readonly kind: "lost"; readonly reason: string };

/** One worker process and the request it works on. */
export class HeaderWorker {
  readonly #child: ChildProcess;
  #settle: ((answer: Answer) => void) | undefined;

  /** Starts the process. @param program file that calls `serveHeaders` */
  constructor(program: string) {
    this.#child = fork(program, [], { execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"] });
    this.#child.on("message", (reply: HeaderReply) => this.#answer({ kind: "reply", reply }));
    this.#child.on("error", (error) => this.#answer({ kind: "lost", reason: error.message }));
    this.#child.on("exit", (code, signal) => {
      this.#answer({ kind: "lost", reason: signal === null ? `exit code ${code}` : `signal ${signal}` });
    });
  }

  /** Sends one request and waits for its answer; one request at a time. @param limitMs then the process is killed */
  ask(paths: readonly string[], limitMs: number): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => {
      this.#answer({ kind: "lost", reason: `no answer within ${limitMs / 1000} s` });
      this.kill();
    }, limitMs);
    this.#settle = (answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    const request: HeaderRequest = { paths };
    this.#child.send(request, (error) => {
      if (error !== null) this.#answer({ kind: "lost", reason: error.message });
    });
    return promise;
  }

  /** Ends the process at once, whatever it does. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #answer(answer: Answer): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(answer);
  }
}
