import type { Command } from "commander";
import type { Term, TermVocabulary } from "../../../core/records/vocabulary.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";

/** `almanac vocab list|show|find|create|add|set|delete`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineList(command.command("list").description("list vocabularies"), context);
    defineShow(command.command("show").description("list the terms of one vocabulary"), context);
    defineFind(command.command("find").description("show one term and what uses it"), context);
    defineCreate(command.command("create").description("make a vocabulary"), context);
    defineAdd(command.command("add").description("add a term"), context);
    defineSet(command.command("set").description("change description and synonyms of a term"), context);
    defineDelete(command.command("delete"), context);
  },
};

function defineList(command: Command, context: CommandContext): void {
  withFormat(command).action(async (flags: ListingFlags) => {
    await using project = await openFrom(context, { access: "read" });
    const items = await project.catalog.vocabularies.vocabularies();
    const listing = { kind: "vocabularies", items, total: items.length, columns };
    await writeListing(listing, { terminal: context.terminal, flags });
  });
}

const columns = [
  { heading: "name", text: ({ name }: TermVocabulary) => name },
  { heading: "terms", text: ({ terms }: TermVocabulary) => String(terms) },
  { heading: "description", text: ({ description }: TermVocabulary) => description },
];

function defineShow(command: Command, context: CommandContext): void {
  withFormat(command)
    .argument("<vocabulary>", "name")
    .action(async (name: string, flags: ListingFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const items = await project.catalog.vocabularies.terms(name);
      const listing = { kind: "terms", items, total: items.length, columns: termColumns };
      await writeListing(listing, { terminal: context.terminal, flags });
    });
}

const termColumns = [
  { heading: "rid", text: ({ rid }: Term) => rid },
  { heading: "name", text: ({ name }: Term) => name },
  { heading: "synonyms", text: ({ synonyms }: Term) => synonyms.join(", ") },
  { heading: "description", text: ({ description }: Term) => description },
];

/** Users of a term that are shown. */
const shownUses = 20;

function defineFind(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .argument("<vocabulary>", "name")
    .argument("<term>", "name or synonym")
    .action(async (vocabulary: string, spelling: string, flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const { vocabularies } = project.catalog;
      const uses = await vocabularies.uses({ vocabulary, term: spelling }, shownUses);
      const term = await vocabularies.find({ vocabulary, term: spelling });
      const text = [
        `${term?.rid}  ${term?.name}`,
        ...(term?.description === "" ? [] : [term?.description]),
        ...(term?.synonyms.length === 0 ? [] : [`synonyms  ${term?.synonyms.join(", ")}`]),
        ...uses.items.map(({ by, rid }) => `used by ${by} ${rid}`),
        ...(uses.total > uses.items.length ? [`and ${uses.total - uses.items.length} more`] : []),
      ].join("\n");
      const value = { ...term, uses: uses.items, totalUses: uses.total };
      writeDocument({ kind: "term", value, text }, { terminal: context.terminal, flags });
    });
}

function defineCreate(command: Command, context: CommandContext): void {
  command
    .argument("<vocabulary>", "name")
    .option("--description <text>", "what its terms are", "")
    .action(async (name: string, { description }: { readonly description: string }) => {
      await using project = await openFrom(context, { access: "write" });
      const { rid } = await project.catalog.vocabularies.create({ name, description });
      context.terminal.out(`vocabulary ${name} (${rid})\n`);
    });
}

interface AddFlags {
  readonly description: string;
  readonly synonym?: readonly string[];
}

function defineAdd(command: Command, context: CommandContext): void {
  command
    .argument("<vocabulary>", "name")
    .argument("<term>", "name")
    .option("--description <text>", "what it means", "")
    .option("--synonym <text...>", "other spellings that look-up accepts")
    .action(async (vocabulary: string, name: string, { description, synonym = [] }: AddFlags) => {
      await using project = await openFrom(context, { access: "write" });
      const term = await project.catalog.vocabularies.add(vocabulary, {
        name,
        description,
        synonyms: synonym,
      });
      context.terminal.out(`${termText(term)}\n`);
    });
}

interface SetFlags {
  readonly description?: string;
  readonly addSynonym?: readonly string[];
  readonly removeSynonym?: readonly string[];
}

function defineSet(command: Command, context: CommandContext): void {
  command
    .argument("<vocabulary>", "name")
    .argument("<term>", "name or synonym")
    .option("--description <text>", "what it means")
    .option("--add-synonym <text...>", "further spellings")
    .option("--remove-synonym <text...>", "spellings that are none any longer")
    .action(async (vocabulary: string, term: string, flags: SetFlags) => {
      await using project = await openFrom(context, { access: "write" });
      const { description, addSynonym, removeSynonym } = flags;
      const changed = await project.catalog.vocabularies.change(
        { vocabulary, term },
        {
          ...(description === undefined ? {} : { description }),
          ...(addSynonym === undefined ? {} : { addSynonyms: addSynonym }),
          ...(removeSynonym === undefined ? {} : { removeSynonyms: removeSynonym }),
        },
      );
      context.terminal.out(`${termText(changed)}\n`);
    });
}

function defineDelete(command: Command, context: CommandContext): void {
  command
    .description("delete a term that nothing uses, or a vocabulary of one's own whose terms no column holds")
    .argument("<vocabulary>", "name")
    .argument("[term]", "name or synonym; without one the whole vocabulary goes")
    .action(async (vocabulary: string, term: string | undefined) => {
      await using project = await openFrom(context, { access: "write" });
      if (term === undefined) {
        await project.catalog.removal.vocabulary(vocabulary);
        context.terminal.out(`vocabulary ${vocabulary} deleted\n`);
        return;
      }
      await project.catalog.vocabularies.remove({ vocabulary, term });
      context.terminal.out(`term "${term}" of ${vocabulary} deleted\n`);
    });
}

function termText({ vocabulary, name, rid, synonyms }: Term): string {
  return `term "${name}" of ${vocabulary} (${rid})${synonyms.length === 0 ? "" : `, also ${synonyms.join(", ")}`}`;
}
