/** Something that a run names, found, or what is wrong with it. */
export type Found<T> = { readonly found: T } | { readonly problem: string };
