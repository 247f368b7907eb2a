import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type ListingFlags, withFormat, writeListing } from "../output.ts";

interface ProviderLine {
  readonly slug: string;
  readonly name: string;
  readonly version: string;
  readonly diagnostics: number;
  readonly module: string;
}

/** `almanac providers list`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withFormat(command.command("list", { isDefault: true }).description("list providers")).action(
      async (flags: ListingFlags) => {
        await using project = await openFrom(context, { access: "none" });
        const items = (await project.providers()).map(({ provider, module }): ProviderLine => {
          const { slug, name, version, diagnostics } = provider;
          return { slug, name, version, diagnostics: diagnostics.length, module };
        });
        await writeListing(
          { kind: "providers", items, total: items.length, columns },
          { terminal: context.terminal, flags },
        );
      },
    );
  },
};

const columns = [
  { heading: "slug", text: ({ slug }: ProviderLine) => slug },
  { heading: "name", text: ({ name }: ProviderLine) => name },
  { heading: "version", text: ({ version }: ProviderLine) => version },
  { heading: "diagnostics", text: ({ diagnostics }: ProviderLine) => String(diagnostics) },
  { heading: "module", text: ({ module }: ProviderLine) => module },
];
