import { isTypeScript, type SourceRule } from "./rule.ts";
import { child, textOf, walk } from "./source.ts";

/** Tests use real adapters, also in memory, and never replace a module. */
export const ownMocks: SourceRule = {
  name: "own-mocks",
  appliesTo: isTypeScript,
  check: (source) => {
    const found: { offset: number; message: string }[] = [];
    walk(source.program, (node) => {
      const isMock = textOf(child(node, "object"), "name") === "mock";
      if (isMock && /^(module|method)$/.test(textOf(child(node, "property"), "name"))) {
        found.push({
          offset: node.start,
          message: "no mocks of modules or methods: use the memory adapter or a real folder",
        });
      }
    });
    return found;
  },
};
