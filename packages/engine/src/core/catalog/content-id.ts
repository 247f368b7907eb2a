/** What is known of a file's content without reading it. */
export interface ContentFacts {
  readonly trackingId?: string | undefined;
  /** @units bytes */
  readonly sizeBytes?: number | undefined;
  /** Whole milliseconds since 1970. @units ms */
  readonly mtimeMs?: number | undefined;
}

/**
 * What identifies a file's content: `t:<tracking_id>:<size>`, without tracking_id `s:<size>:<mtime ms>`, else `none`. The
 * path has no part in it, so that a moved archive is unchanged.
 */
export function contentId({ trackingId, sizeBytes, mtimeMs }: ContentFacts): string {
  if (sizeBytes === undefined) return "none";
  if (trackingId !== undefined) return `t:${trackingId}:${sizeBytes}`;
  return mtimeMs === undefined ? "none" : `s:${sizeBytes}:${mtimeMs}`;
}

/**
 * The content id of a file that is already known, seen again. It is fixed when first seen: it changes only if size or
 * modification time changed and the one computed anew differs. Learning a tracking_id, or a size or time that was
 * unknown, changes nothing, and neither does a size or time that is unknown this time.
 * @param previous what the catalog holds
 */
export function updatedContentId(
  previous: ContentFacts & { readonly contentId: string },
  seen: ContentFacts,
): string {
  const changed = differs(previous.sizeBytes, seen.sizeBytes) || differs(previous.mtimeMs, seen.mtimeMs);
  return changed ? contentId(seen) : previous.contentId;
}

function differs(before: number | undefined, now: number | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}
