import { AlmanacError } from "../errors.ts";
import { pathSegment, pathSegments, type Reading, type ReadingKind, sortReadings } from "./reading.ts";
import { isContainer, seenKeys, seenValue, wholeValue } from "./seen.ts";

/** A configuration that notes what is read of it. */
export interface TrackedConfiguration {
  /** Reads like the original; cannot be written. */
  readonly configuration: unknown;
  /** Everything read so far, in order of the paths. */
  readings(): readonly Reading[];
  /** How often it was read: what touches it while it is stored holds it. */
  touches(): number;
  /**
   * From here on a read of something new throws: the step's readings are on record, and what it made, a function for example, would
   * go on to read what does not count.
   * @throws STEP_FAILED from the read
   */
  close(): void;
}

/** What may be read: everything, or the declared paths and what is in them. */
export interface TrackingOptions {
  readonly step: string;
  readonly uses?: readonly string[];
  /** Names of the first level that count; reads of others are allowed and do not count. */
  readonly identityFields?: ReadonlySet<string>;
}

/**
 * Wraps a configuration so that each value, absence check and key listing that is read through it is noted. Getters
 * count by their result. Built-in objects such as dates and maps are handed out as they are and count whole.
 */
export function trackReads(configuration: unknown, options: TrackingOptions): TrackedConfiguration {
  const noted = new Map<string, Reading>();
  let isClosed = false;
  const close = (): void => {
    isClosed = true;
  };
  const note = (path: string, kind: ReadingKind, seen: () => string): void => {
    requireDeclared(path, kind, options);
    if (options.identityFields?.has(pathSegments(path)[0] ?? "") === false) return;
    const name = `${kind} ${path}`;
    if (noted.has(name)) return;
    if (!isClosed) noted.set(name, [path, kind, seen()]);
    else if (!isImplied(path, kind, noted)) throw readsLate(path, options);
  };
  if (!isContainer(configuration)) {
    if (configuration !== undefined) note("", "value", () => wholeValue(configuration));
    return { configuration, readings: () => sortReadings(noted.values()), touches: () => 0, close };
  }
  let touches = 0;
  const touched: Note = (path, kind, seen) => {
    touches++;
    note(path, kind, seen);
  };
  return {
    configuration: proxyOf(configuration, "", touched),
    readings: () => sortReadings(noted.values()),
    touches: () => touches,
    close,
  };
}

/** Under this name Node.js looks for what to show of an object. */
const shownInstead = Symbol.for("nodejs.util.inspect.custom");

type Note = (path: string, kind: ReadingKind, seen: () => string) => void;

/** allow-parameters: the value, where it is, and who is told; a proxy is made for each object read. */
function proxyOf(value: object, path: string, note: Note): object {
  const known = new Map<PropertyKey, object>();
  const at = (key: string): string => (path === "" ? pathSegment(key) : `${path}.${pathSegment(key)}`);
  // An empty stand-in as target: a proxy of a frozen object could not hand out proxies of its members.
  const shadow: object = Array.isArray(value)
    ? []
    : Object.create(Object.getPrototypeOf(value) as object | null);
  // `console.log` looks at the stand-in: what is shown to people is the value, and does not count.
  Object.defineProperty(shadow, shownInstead, { value: () => value, configurable: true });
  const member = (key: string | symbol): unknown => {
    const found: unknown = Reflect.get(value, key);
    if (typeof key === "symbol" || isMethod(found, value, key)) return found;
    note(at(key), "value", () => seenValue(found));
    if (!isContainer(found)) return found;
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = proxyOf(found, at(key), note);
    known.set(key, made);
    return made;
  };
  return new Proxy(shadow, {
    get: (_, key) => member(key),
    has: (_, key) => {
      if (typeof key === "string") note(at(key), "has", () => String(key in value));
      return Reflect.has(value, key);
    },
    ownKeys: () => {
      note(path, "keys", () => seenKeys(value));
      return Reflect.ownKeys(value);
    },
    getOwnPropertyDescriptor: (_, key) => {
      const found = Reflect.getOwnPropertyDescriptor(value, key);
      if (typeof key === "string") note(at(key), "has", () => String(key in value));
      if (found === undefined) return undefined;
      const fixed = Array.isArray(value) && key === "length";
      if (fixed) return { value: member(key), enumerable: false, configurable: false, writable: true };
      // A listing of keys asks for this too: the value counts only when it is read.
      return { get: () => member(key), enumerable: found.enumerable ?? false, configurable: true };
    },
    set: (_, key) => refuseWrite(path, key),
    defineProperty: (_, key) => refuseWrite(path, key),
    deleteProperty: (_, key) => refuseWrite(path, key),
    setPrototypeOf: () => refuseWrite(path, "prototype"),
    preventExtensions: () => refuseWrite(path, "extensibility"),
  });
}

/** True if what was read before decides a reading: who knows all keys knows of each whether it is there. */
function isImplied(path: string, kind: ReadingKind, noted: ReadonlyMap<string, Reading>): boolean {
  const above = pathSegments(path).slice(0, -1).map(pathSegment).join(".");
  const keys = noted.get(`keys ${above}`);
  if (kind === "has") return keys !== undefined || noted.has(`value ${path}`);
  return kind === "value" && keys !== undefined && noted.get(`has ${path}`)?.[2] === "false";
}

function readsLate(path: string, { step }: TrackingOptions): AlmanacError {
  const what = path === "" ? "the keys of the configuration" : `configuration path "${path}"`;
  return new AlmanacError(
    "STEP_FAILED",
    `what step "${step}" made reads ${what} after the step has ended, which does not count: read it in the step, or name it in its \`uses\``,
    {
      hint: `declare it where "${step}" is: uses: [${JSON.stringify(path)}]`,
      facts: { step, path },
    },
  );
}

/** Methods of classes and of lists are not configuration: what they read is read through `this`. */
function isMethod(found: unknown, value: object, key: string): boolean {
  return typeof found === "function" && !Object.hasOwn(value, key);
}

function refuseWrite(path: string, key: string | symbol): never {
  const name = [path, String(key)].filter((part) => part !== "").join(".");
  throw new AlmanacError("STEP_FAILED", `a step wrote to the configuration, at ${name}: it is read-only`, {
    hint: "copy what is to be changed: { ...config.part }",
  });
}

function requireDeclared(path: string, kind: ReadingKind, { step, uses }: TrackingOptions): void {
  if (uses === undefined) return;
  const reachable = uses.some(
    (use) =>
      use === "" ||
      path === use ||
      path.startsWith(`${use}.`) ||
      (kind === "value" && use.startsWith(`${path}.`)),
  );
  if (reachable) return;
  throw new AlmanacError(
    "STEP_FAILED",
    `step "${step}" reads ${path === "" ? "the keys of the configuration" : `configuration path "${path}"`}, which its \`uses\` does not name`,
    {
      hint: `add it to uses: [${[...uses, path].map((use) => JSON.stringify(use)).join(", ")}]`,
      facts: { path, uses },
    },
  );
}
