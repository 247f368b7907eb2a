import { AlmanacError } from "../../../core/errors.ts";
import type { CommandModule } from "../command.ts";
import { commandRegistry } from "../registry.ts";

const names = (): string => Object.keys(commandRegistry).join(" ");

/** A script per shell that completes command names, and files after them. */
const scripts = {
  bash: () => `_almanac() { if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${names()}" -- "\${COMP_WORDS[1]}")); else COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); fi; }\ncomplete -o filenames -F _almanac almanac\n`,
  zsh: () => `#compdef almanac\n_arguments '1:command:(${names()})' '*:file:_files'\n`,
  fish: () => Object.entries(commandRegistry).map(([name, { summary }]) => `complete -c almanac -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", "\\'")}'\n`).join(""),
} as const;

/** `almanac completion bash|zsh|fish`. */
export const { define }: CommandModule = {
  define: (command, { terminal }) => {
    command.argument("<shell>", Object.keys(scripts).join(", ")).action((shell: string) => {
      if (!(shell in scripts))
        throw new AlmanacError("USAGE", `no completion for "${shell}"`, { hint: `shells: ${Object.keys(scripts).join(", ")}` });
      terminal.out(scripts[shell as keyof typeof scripts]());
    });
  },
};
