/**
 * A circle in a graph that has one.
 * @param needs for each node the nodes it needs
 * @returns the nodes of the circle in order, the first one again at the end; empty if there is none
 */
export function findCycle(needs: readonly (readonly number[])[]): readonly number[] {
  const state = new Uint8Array(needs.length);
  for (let start = 0; start < needs.length; start++) {
    const found = state[start] === 0 ? cycleFrom(start, needs, state) : [];
    if (found.length > 0) return found;
  }
  return [];
}

/** Walks as deep as it goes with a stack of its own: chains may be long. State 1 is on the stack, 2 is done. */
function cycleFrom(
  start: number,
  needs: readonly (readonly number[])[],
  state: Uint8Array,
): readonly number[] {
  const path: { readonly node: number; next: number }[] = [{ node: start, next: 0 }];
  state[start] = 1;
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = needs[top.node]?.[top.next++];
    if (next === undefined) {
      state[top.node] = 2;
      path.pop();
    } else if (state[next] === 1) {
      const nodes = path.map(({ node }) => node);
      return [...nodes.slice(nodes.indexOf(next)), next];
    } else if (state[next] === 0) {
      state[next] = 1;
      path.push({ node: next, next: 0 });
    }
  }
  return [];
}
