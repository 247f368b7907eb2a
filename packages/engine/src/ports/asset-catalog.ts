import type { Rid } from "../core/identity/rid.ts";
import type { Asset, AssetRole, NewAsset } from "../core/records/asset.ts";
import type { AssetKind } from "../core/records/asset-kind.ts";

/** What assets to list. */
export interface AssetQuery {
  readonly kind?: readonly string[];
  /** Has one of these types. */
  readonly type?: readonly string[];
  /** Linked to this execution, in `role` or in any. */
  readonly execution?: Rid;
  readonly role?: AssetRole;
  readonly sha256?: string;
  readonly offset?: number;
  readonly limit?: number;
}

/** What an asset is to one execution. */
export interface AssetUse {
  readonly execution: Rid;
  readonly role: AssetRole;
}

/** Asset kinds and assets. */
export interface AssetCatalog {
  /** Declared kinds in order of names. */
  kinds(): Promise<readonly AssetKind[]>;
  /**
   * Declares a kind; an equal one is kept.
   * @throws CONFLICT when another one of this name is there
   */
  declareKind(kind: AssetKind): Promise<void>;
  /**
   * Registers a file from outside; the same content at the same URL is the asset that it was before, as it was.
   * @throws UNKNOWN_NAME when there is no such kind
   */
  add(asset: NewAsset): Promise<Asset>;
  asset(rid: Rid): Promise<Asset | undefined>;
  /** In order of RIDs. */
  list(query: AssetQuery): Promise<{ readonly items: readonly Asset[]; readonly total: number }>;
  /** Executions that have the asset as input or output, oldest first. */
  uses(rid: Rid): Promise<readonly AssetUse[]>;
}
