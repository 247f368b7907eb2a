import { type ChildProcess, spawn } from "node:child_process";

/**
 * Counts the interrupts that a terminal sends to this process and to all beside it. After the second one this process has two
 * seconds to end by itself; then it is killed. The shell ends when its input does, that is with this process; some shells tell
 * of an interrupted `read` as of an ended one, hence `before`.
 */
const script = `
n=0
trap 'n=$((n+1)); if [ "$n" -ge 2 ]; then sleep 2; echo "given up: a step did not pause; what was stored is kept" >&2; kill -KILL "$1"; exit 0; fi' INT
while :; do before=$n; read -r line || [ "$n" != "$before" ] || exit 0; done
`;

/**
 * Ends this process when Ctrl-C is pressed twice in its terminal and the second is not heeded: while JavaScript computes without a
 * pause, no handler of signals runs. Without a shell nothing happens.
 * @returns ends the watch
 */
export function watchInterrupts(): Disposable {
  const shell: ChildProcess = spawn("/bin/sh", ["-c", script, "sh", String(process.pid)], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const end = (): void => void shell.kill("SIGKILL");
  // allow-catch: where there is no shell, Ctrl-C is heeded as far as steps pause
  shell.on("error", () => {});
  shell.unref();
  if (shell.stdin !== null && "unref" in shell.stdin && typeof shell.stdin.unref === "function")
    shell.stdin.unref();
  process.once("exit", end);
  return {
    [Symbol.dispose]: () => {
      process.removeListener("exit", end);
      end();
    },
  };
}
