import path from "node:path";
import { AlmanacError } from "../../../core/errors.ts";
import { type CatalogForm, catalogForms } from "../../../ports/catalog-file.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument, writesText } from "../output.ts";
import { progressSink } from "../progress.ts";

interface Flags extends DocumentFlags {
  readonly type?: string;
}

/** `almanac import [FORM] FILE… --type T`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withDocumentFormat(command)
      .argument("<file...>", `catalogs; before them perhaps their form: ${catalogForms.join(", ")}`)
      .option("--type <type>", "source type of the rows; default: what their column almanac_type says")
      .action(async (words: string[], flags: Flags) => {
        const { terminal } = context;
        const files = filesOf(words, terminal.cwd);
        using progress = progressSink(context);
        await using project = await openFrom(context, { access: "write", emit: progress.emit });
        const report = await project.importCatalog({ files, sourceType: flags.type }, terminal.stop);
        progress.end();
        writeDocument({ kind: "import", value: report, text: importText(report) }, { terminal, flags });
        if (writesText(flags)) for (const line of problems(report)) terminal.err(`${line}\n`);
        if (report.interrupted)
          throw new AlmanacError("INTERRUPTED", "interrupted; what was written stays", {
            hint: "the same command continues",
          });
        if (report.allFailed)
          throw new AlmanacError("NOTHING_INGESTED", "no row could be used", {
            hint: "see the reasons above; is --type right?",
          });
      });
  },
};

/** The files with their forms: the one given before them, else what each name ends in. @throws USAGE */
function filesOf(
  words: readonly string[],
  cwd: string,
): readonly { readonly file: string; readonly form: CatalogForm }[] {
  const given = catalogForms.find((form) => form === words[0]);
  const names = given === undefined ? words : words.slice(1);
  if (names.length === 0)
    throw new AlmanacError("USAGE", "no file to import was named", {
      hint: "almanac import --type cmip6 catalog.parquet",
    });
  return names.map((name) => ({ file: path.resolve(cwd, name), form: given ?? formOf(name) }));
}

const endings: readonly (readonly [RegExp, CatalogForm])[] = [
  [/\.parquet$/i, "parquet"],
  [/\.csv(?:\.gz)?$/i, "csv"],
  [/\.(?:ndjson|jsonl)(?:\.gz)?$/i, "ndjson"],
  [/\.json$/i, "intake-esm"],
];

/** The form that a file's name tells. @throws USAGE */
function formOf(name: string): CatalogForm {
  const found = endings.find(([ending]) => ending.test(name));
  if (found !== undefined) return found[1];
  throw new AlmanacError("USAGE", `the name ${name} does not tell what catalog it is`, {
    hint: `say it before the file: almanac import ${catalogForms.join("|")} ${name}`,
  });
}

type Report = Awaited<ReturnType<import("../../project.ts").Project["importCatalog"]>>;

function importText(report: Report): string {
  const { new: added, updated, unchanged, invalid, datasets } = report;
  return `files: ${added} new, ${updated} updated, ${unchanged} unchanged, ${invalid} invalid\ndatasets: ${datasets} touched`;
}

/** Problems shown at once. */
const shownProblems = 20;

function problems({ refused, invalid, warnings, unusedColumns }: Report): readonly string[] {
  const lines = [
    ...refused.map(({ file, row, reason }) => `invalid  ${path.basename(file)}, row ${row}: ${reason}`),
    ...warnings.map(({ id, message }) => `warning  ${id}: ${message}`),
  ];
  const more = lines.length - refused.length + invalid - shownProblems;
  return [
    ...(unusedColumns.length === 0
      ? []
      : [`left out  columns that are no facet: ${unusedColumns.join(", ")}`]),
    ...lines.slice(0, shownProblems),
    ...(more > 0 ? [`… and ${more} more: almanac doctor, or --json`] : []),
  ];
}
