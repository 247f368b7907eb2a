import { checkProject, type Finding } from "../../doctor.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "../output.ts";

/** `almanac doctor`: findings grouped under one remedy each; exit 3 when something does not work. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withDocumentFormat(command).action(async (flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "none" });
      const findings = await checkProject(project, () => openFrom(context, { access: "read" }));
      const text = findings.length === 0 ? "nothing to remark" : grouped(findings);
      writeDocument(
        { kind: "findings", value: { items: findings, total: findings.length }, text },
        { terminal: context.terminal, flags },
      );
      if (findings.some(({ severity }) => severity === "error")) context.exit(3);
    });
  },
};

/** Lines shown under one remedy. */
const shownLines = 10;

function grouped(findings: readonly Finding[]): string {
  return [...Map.groupBy(findings, ({ remedy }) => remedy)]
    .map(([remedy, group]) => {
      const more = group.length - shownLines;
      const lines = group.slice(0, shownLines).map(({ severity, message }) => `  ${severity}: ${message}`);
      return [`${remedy}`, ...lines, ...(more > 0 ? [`  … and ${more} more (--json shows all)`] : [])].join(
        "\n",
      );
    })
    .join("\n\n");
}
