import type { Json } from "../json.ts";

/** How a registered file came to its place. */
export type RegistrationMode = "write" | "link" | "copy";

/** A file that an execution registered, as the manifest's records add up. */
export interface ManifestArtifact {
  /** Unique per kind. */
  readonly name: string;
  /** Inside the execution's folder, forward slashes. */
  readonly path: string;
  /** Asset kind; `execution-asset` by default. */
  readonly kind: string;
  readonly types: readonly string[];
  readonly mode: RegistrationMode;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly description: string;
  readonly keepOnFailure: boolean;
  /** Known once sealed. */
  readonly sizeBytes?: number;
  readonly sha256?: string;
}
