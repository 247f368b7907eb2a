import type { Figure } from "./figure.ts";
import { featureFigures } from "./record-features.ts";

/** What recording runs costs beside computing. */
export async function run(): Promise<readonly Figure[]> {
  return featureFigures();
}
