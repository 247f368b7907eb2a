import { AlmanacError } from "../../core/errors.ts";
import { parseSnapshotRid } from "../../core/identity/snapshot-id.ts";

/**
 * Reads `RID@snapshot` wherever a RID may stand: the word becomes the RID, and the command reads that snapshot. What
 * follows a `--` is another program's.
 * @throws USAGE when the words name two snapshots
 */
export function withSnapshot(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  const own = end < 0 ? argv : argv.slice(0, end);
  const found = own.flatMap((word) => parseSnapshotRid(word)?.snapshot ?? []);
  const [snapshot] = found;
  if (snapshot === undefined) return argv;
  const other =
    found.find((each) => each !== snapshot) ?? (own.includes("--snapshot") ? "--snapshot" : undefined);
  if (other !== undefined)
    throw new AlmanacError("USAGE", `a command reads one snapshot: ${snapshot} or ${other}`, {
      hint: "name the snapshot once",
      facts: { snapshot, other },
    });
  const words = own.map((word) => parseSnapshotRid(word)?.rid ?? word);
  return ["--snapshot", snapshot, ...words, ...argv.slice(own.length)];
}
