import type { Command } from "commander";
import { inputsText } from "../../core/steps/product-inputs.ts";
import type { CommandContext } from "./command.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "./output.ts";
import { openRunner, type PipelineFlags, withPipeline } from "./pipeline-flags.ts";

/** `almanac products inputs`. */
export function defineInputs(command: Command, context: CommandContext): void {
  withPipeline(
    withDocumentFormat(command.command("inputs").description("show what a stored product was made of")),
  )
    .argument("<product>")
    .action(async (product: string, flags: PipelineFlags & DocumentFlags) => {
      await using runner = await openRunner(context, flags);
      const inputs = await runner.inputs(product);
      writeDocument(
        { kind: "product-inputs", value: inputs, text: inputsText(inputs) },
        { terminal: context.terminal, flags },
      );
    });
}
