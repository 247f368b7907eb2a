type Lists = Readonly<Record<string, readonly Readonly<Record<string, readonly string[]>>[]>>;

/** An ignore list's facet maps with every value in a list. */
export function facetLists(
  ignored: Readonly<Record<string, readonly Readonly<Record<string, string | readonly string[]>>[]>>,
): Lists {
  return Object.fromEntries(
    Object.entries(ignored).map(([sourceType, maps]) => [
      sourceType,
      maps.map((map) =>
        Object.fromEntries(
          Object.entries(map).map(([facet, value]) => [facet, typeof value === "string" ? [value] : value]),
        ),
      ),
    ]),
  );
}
