import type { ActionIndex } from "../../core/steps/action-index.ts";
import type { NoteIndex } from "../../core/steps/note-index.ts";
import type { DurableObserver } from "../../ports/durable.ts";
import type { OpenProductStore } from "../../ports/product-store.ts";
import type { Blobs } from "./blobs.ts";
import type { Leases } from "./leases.ts";
import type { LogFile } from "./log-file.ts";
import type { Sessions } from "./sessions.ts";

/** An open folder with what it is made of. */
export interface FolderParts {
  readonly folder: string;
  readonly generation: string;
  readonly open: OpenProductStore;
  readonly actions: ActionIndex;
  readonly notes: NoteIndex;
  readonly small: LogFile;
  readonly blobs: Blobs;
  readonly sessions: Sessions;
  readonly leases: Leases;
  readonly observer: DurableObserver;
}
