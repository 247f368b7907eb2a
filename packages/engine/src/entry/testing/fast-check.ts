/** A kind of random values, of fast-check. */
export type { Arbitrary } from "fast-check";

/** The module fast-check, which is the caller's: `import fc from "fast-check"`. It is not loaded by Almanac. */
export type FastCheck = typeof import("fast-check")["default"];
