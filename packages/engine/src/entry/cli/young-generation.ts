import { setFlagsFromString } from "node:v8";

/**
 * Keeps the memory for new objects as small as it is now, until disposed. Left alone it grows to more than a hundred megabytes
 * while a large pipeline is declared and looked up, almost all of which lives on; this costs no time. What steps make is
 * of another kind: dispose before the first one runs.
 */
export function keepYoungGenerationSmall(): Disposable {
  setFlagsFromString("--semi-space-growth-factor=1");
  let isKept = true;
  return {
    [Symbol.dispose]: () => {
      if (isKept) setFlagsFromString("--semi-space-growth-factor=2");
      isKept = false;
    },
  };
}
