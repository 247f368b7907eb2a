/** What can be changed after it was made. */
export interface Alterable {
  /** True when something assigns to it, or changes what is in it. */
  changed: boolean;
  /** How many levels below it something is changed, at most; 0 if nothing is. */
  altered: number;
  /** Of an import: the same by the member that is changed or lies above it; `*` where that is not plain. */
  readonly members?: Map<string, number>;
}

/** A change somewhere below a value. */
export interface Alteration {
  readonly depth: number;
  /** The member above it, where it is plain. */
  readonly member: string | undefined;
}

/** What is changed below one variable is changed below another one; `up` and `least` as in an alias. */
export interface Flow {
  readonly from: Alterable;
  readonly to: Alterable;
  readonly member: string | undefined;
  readonly up: number;
  readonly least: number;
}

/** Deeper changes count as this deep: in a loop like `node = node.next` they have no end. */
const deepest = 8;

/** Notes a change. @returns false if it, or a deeper one, was known */
export function alter(what: Alterable, { depth: found, member = "*" }: Alteration): boolean {
  const depth = Math.min(found, deepest);
  what.changed = true;
  const { members } = what;
  const isNew = depth > what.altered || (members !== undefined && depth > (members.get(member) ?? 0));
  if (!isNew) return false;
  what.altered = Math.max(what.altered, depth);
  members?.set(member, Math.max(depth, members.get(member) ?? 0));
  return true;
}

/** Lets changes go along flows until nothing is new. @returns true if something was */
export function spreadAlterations(flows: readonly Flow[]): boolean {
  let isAny = false;
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const { from, to, member, up, least } of flows)
      if (from.altered >= least && alter(to, { depth: from.altered + up, member })) isNew = true;
    isAny ||= isNew;
  }
  return isAny;
}
