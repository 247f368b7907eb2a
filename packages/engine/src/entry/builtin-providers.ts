import type { Provider } from "../core/diagnostic/diagnostic.ts";
import { AlmanacError } from "../core/errors.ts";
import { nearestNames } from "../core/identity/nearest-names.ts";

/** Providers that come with Almanac, loaded when named. */
const builtins = {
  climate: async () => (await import("../providers/climate/provider.ts")).default,
} as const satisfies Record<string, () => Promise<Provider>>;

/**
 * A provider that comes with Almanac.
 * @param name what stands after `builtin:`
 * @throws PROVIDER_INVALID when there is none of that name
 */
export async function builtinProviders(name: string): Promise<Provider> {
  if (name in builtins) return builtins[name as keyof typeof builtins]();
  const close = nearestNames(name, Object.keys(builtins));
  throw new AlmanacError("PROVIDER_INVALID", `there is no built-in provider "${name}"`, {
    hint: `built in: ${(close.length > 0 ? close : Object.keys(builtins)).join(", ")}`,
  });
}
