import { AlmanacError } from "../../../core/errors.ts";
import type { CommandModule } from "../command.ts";

/** A command as a completion script names it. */
interface Completed {
  readonly name: string;
  readonly summary: string;
}

const words = (commands: readonly Completed[]): string => commands.map(({ name }) => name).join(" ");

/** A script per shell that completes command names, and files after them. */
const scripts = {
  bash: (commands: readonly Completed[]) =>
    `_almanac() { if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${words(commands)}" -- "\${COMP_WORDS[1]}")); else COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); fi; }\ncomplete -o filenames -F _almanac almanac\n`,
  zsh: (commands: readonly Completed[]) =>
    `#compdef almanac\n_arguments '1:command:(${words(commands)})' '*:file:_files'\n`,
  fish: (commands: readonly Completed[]) =>
    commands
      .map(
        ({ name, summary }) =>
          `complete -c almanac -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", "\\'")}'\n`,
      )
      .join(""),
} as const;

/** `almanac completion bash|zsh|fish`. */
export const { define }: CommandModule = {
  define: (command, { terminal, commands }) => {
    command.argument("<shell>", Object.keys(scripts).join(", ")).action((shell: string) => {
      if (!Object.hasOwn(scripts, shell))
        throw new AlmanacError("USAGE", `no completion for "${shell}"`, {
          hint: `shells: ${Object.keys(scripts).join(", ")}`,
        });
      terminal.out(scripts[shell as keyof typeof scripts](commands));
    });
  },
};
