/** The extent of a grid in latitude and longitude. @units degrees */
export interface Extent {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

/** Share of the sphere from which on a field counts as global; the rest allows for rounded or missing polar rows. */
const globalShare = 0.95;

/**
 * Edges of the cells around given centres: half way between neighbours, the outer ones as far out as the next inner ones.
 * @param centres at least one; a single centre gets a width of 0
 * @returns lowest and highest edge
 */
export function outerEdges(centres: ArrayLike<number>): {
  readonly lowest: number;
  readonly highest: number;
} {
  const sorted = Float64Array.from(centres).sort();
  const [first = Number.NaN, second = first] = sorted;
  const last = sorted.at(-1) ?? Number.NaN;
  const beforeLast = sorted.at(-2) ?? last;
  return { lowest: first - (second - first) / 2, highest: last + (last - beforeLast) / 2 };
}

/** Extent of a regular grid by its cell centres, latitudes cut at the poles. @units degrees */
export function regularExtent(latitudes: ArrayLike<number>, longitudes: ArrayLike<number>): Extent {
  const rows = outerEdges(latitudes);
  const columns = outerEdges(longitudes);
  return {
    south: Math.max(-90, rows.lowest),
    north: Math.min(90, rows.highest),
    west: columns.lowest,
    east: columns.highest,
  };
}

/** Share of the sphere between the edges of an extent, from 0 to 1. @source area of a spherical zone, 2πR²(sin φ₂ − sin φ₁) */
export function shareOfSphere({ south, north, west, east }: Extent): number {
  const sine = (degrees: number): number => Math.sin((degrees * Math.PI) / 180);
  return ((sine(north) - sine(south)) / 2) * Math.min(1, (east - west) / 360);
}

/** True if an extent covers the globe, so that a mean over it may be called global. */
export function coversGlobe(extent: Extent): boolean {
  return shareOfSphere(extent) >= globalShare;
}
