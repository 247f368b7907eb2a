import { Defect } from "../errors.ts";
import { type ByteSink, sinkInto, writtenBytes } from "./byte-sink.ts";
import { sha256Hex } from "./digest.ts";
import { type Content, type Member, openObject, placeIn, putScalar } from "./value-content.ts";

/** Members of sets and maps in their canonical order, once it is known. */
export type KnownOrders = Map<object, readonly Member[]>;

/** What putting members in order needs of the encoding it is done for. */
export interface Ordering {
  readonly orders: KnownOrders;
  /** By object, once it has been looked at; undefined for what leads to a circle. */
  readonly digests: Map<object, string | undefined>;
  /** Makes the error of a value without canonical form. @param place where it is, beginning at the container */
  readonly refuse: (place: string, what: string) => Error;
  /** Text that tells members apart which differ only in what they share; the same for all when that costs too much. */
  readonly tieBreak: (member: Member) => string;
}

/**
 * Members of a set or map in canonical order: those whose key is no object first, in the order of the key's bytes; the
 * others in the order of digests of what is in them.
 */
// allow-parameters: the container, what is in it, and what orders it
export function inCanonicalOrder(
  container: object,
  members: readonly Member[],
  ordering: Ordering,
): readonly Member[] {
  if (members.length < 2) return members;
  const known = ordering.orders.get(container);
  if (known !== undefined) return known;
  const objects = members.filter(([key]) => isObject(key));
  if (objects.length > 1) return orderWithin(container, ordering);
  const scalars = members
    .filter(([key]) => !isObject(key))
    .map((member) => ({ member, form: scalarForm(member[0], (what) => ordering.refuse("", what)) }));
  // A single object needs no place among others, however much is in it.
  return [...scalars.sort(byForm).map(({ member }) => member), ...objects];
}

/** A container whose content is being digested. */
interface Frame extends Content {
  readonly container: object;
  readonly head: ByteSink;
  /** Bytes or digests of the values so far. */
  readonly forms: string[];
  /** True once a value leads to a circle. */
  circular: boolean;
  next: number;
}

/**
 * Digests everything in a container from the bottom up, each object once, and notes the order of all sets and maps in it.
 * Digests know nothing of sharing: they only put members in order, the encoding tells them apart. What leads to a circle has
 * none, wherever the circle is entered.
 */
function orderWithin(root: object, ordering: Ordering): readonly Member[] {
  const { digests } = ordering;
  const frames: Frame[] = [];
  const refuse = (what: string): Error => ordering.refuse(frames.map(placeIn).join(""), what);
  const open = (container: object): void => {
    // Met again before it has one, it is inside itself.
    digests.set(container, undefined);
    frames.push({ ...opened(container, ordering.orders, refuse), forms: [], circular: false, next: 0 });
  };
  const close = (frame: Frame): void => {
    frames.pop();
    const digest = digestOfFrame(frame, ordering);
    digests.set(frame.container, digest);
    addForm(frames.at(-1), frame.container, digest);
  };
  open(root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (frame.next === frame.values.length) {
      close(frame);
      continue;
    }
    const value = frame.values[frame.next++];
    if (!isObject(value)) frame.forms.push(scalarForm(value, refuse));
    else if (digests.has(value)) addForm(frame, value, digests.get(value));
    else open(value);
  }
  return ordering.orders.get(root) ?? [];
}

// allow-parameters: what is opened, where the order of its members is noted, and how it is refused
function opened(
  container: object,
  orders: KnownOrders,
  refuse: (what: string) => Error,
): Content & Pick<Frame, "container" | "head"> {
  const head = sinkInto(new Uint8Array(32));
  const order = (members: readonly Member[]): readonly Member[] => {
    orders.set(container, members);
    return members;
  };
  const content = openObject(head, container, { refuse, order });
  return { kind: "list", values: [], ...content, container, head };
}

// allow-parameters: where it is added, what, and its digest if it has one
function addForm(frame: Frame | undefined, value: object, digest: string | undefined): void {
  if (frame === undefined) return;
  if (digest === undefined) frame.circular = true;
  frame.forms.push(digest ?? (frame.kind === "set" || frame.kind === "map" ? ownForm(value) : ""));
}

/** What an object shows by itself, for members of which nothing else is known; all of it has been opened before. */
function ownForm(container: object): string {
  const { head, names = [], values } = opened(container, new Map(), (what) => new Defect(what));
  const sink = sinkInto(new Uint8Array(64));
  const scalars = values.map((value) => {
    sink.length = 0;
    putScalar(sink, value);
    return latin1(sink);
  });
  return `${latin1(head)} ${names.join(" ")} ${scalars.sort().join(" ")}`;
}

/** Digest of a container by the forms of what is in it; notes the order if it is a set or a map. */
function digestOfFrame(
  { container, kind, names = [], head, forms, circular }: Frame,
  ordering: Ordering,
): string | undefined {
  const inOrder = kind === "set" || kind === "map" ? memberForms(container, forms, ordering) : forms;
  if (circular) return undefined;
  const parts = [latin1(head), ...names, ...inOrder];
  return sha256Hex(Buffer.from(parts.map((part) => `${part.length}:${part}`).join("")));
}

function latin1(sink: ByteSink): string {
  return Buffer.from(writtenBytes(sink)).toString("latin1");
}

// allow-parameters: the container, the forms of its values, and where the order is noted
function memberForms(
  container: object,
  forms: readonly string[],
  { orders, tieBreak }: Ordering,
): readonly string[] {
  const members = orders.get(container) ?? [];
  const width = forms.length / Math.max(1, members.length);
  const placed = members.map((member, at) => ({
    member,
    form: `${isObject(member[0]) ? "o" : "a"}${forms.slice(at * width, (at + 1) * width).join(" ")}`,
  }));
  placed.sort(byForm);
  orders.set(container, broken(placed, tieBreak));
  return placed.map(({ form }) => form);
}

interface Placed {
  readonly member: Member;
  readonly form: string;
}

/** Members by their forms, those with equal forms by what tells them apart. */
function broken(placed: readonly Placed[], tieBreak: Ordering["tieBreak"]): readonly Member[] {
  const found: Member[] = [];
  for (let from = 0; from < placed.length; ) {
    let to = from + 1;
    while (to < placed.length && placed[to]?.form === placed[from]?.form) to++;
    const alike = placed.slice(from, to).map(({ member }) => member);
    if (alike.length > 1)
      alike.push(
        ...alike
          .splice(0)
          .map((member) => ({ member, form: tieBreak(member) }))
          .sort(byForm)
          .map(({ member }) => member),
      );
    found.push(...alike);
    from = to;
  }
  return found;
}

function byForm(a: Placed, b: Placed): number {
  return a.form < b.form ? -1 : a.form > b.form ? 1 : 0;
}

function scalarForm(value: unknown, refuse: (what: string) => Error): string {
  const sink = sinkInto(new Uint8Array(32));
  if (!putScalar(sink, value)) throw refuse(`a ${typeof value}`);
  return latin1(sink);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
