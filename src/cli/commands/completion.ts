import { type Arguments, COMMANDS, type Command } from "../command-table.ts";
import { refuse } from "../terminal.ts";

/** `ringfence completion`. */
export function run({ paths }: Arguments): Promise<number> {
  const [shell] = paths;
  const script = shell === undefined ? undefined : SCRIPTS[shell];
  if (script === undefined) {
    return Promise.resolve(refuse("write one of `ringfence completion bash`, `zsh` or `fish`"));
  }
  process.stdout.write(script());
  return Promise.resolve(0);
}

const SCRIPTS: Readonly<Record<string, () => string>> = { bash, zsh, fish };

function wordsOf({ flags }: Command): readonly string[] {
  return flags.map(({ name }) => `--${name}`);
}

/** Lines of a `case` over `COMMAND PREVIOUS-WORD`: what may stand there. */
function valueCases(): readonly string[] {
  const flags = COMMANDS.flatMap((command) =>
    command.flags.flatMap(({ name, short, choices }) => {
      if (choices === undefined) return [];
      const names = short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
      const patterns = names.map((each) => `"${command.name} ${each}"`);
      return [`    ${patterns.join("|")}) ${reply(choices)}`];
    }),
  );
  return [...flags, `    "completion completion") ${reply(Object.keys(SCRIPTS))}`];
}

function reply(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$current")); return ;;`;
}

function bash(): string {
  const cases = COMMANDS.map(
    (command) => `    ${command.name}) words="${wordsOf(command).join(" ")}" ;;`,
  );
  return `_ringfence() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${COMMANDS.map(({ name }) => name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]} $previous" in
${valueCases().join("\n")}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _ringfence ringfence
`;
}

function zsh(): string {
  return `#compdef ringfence
autoload -U +X bashcompinit && bashcompinit
${bash()}`;
}

function fish(): string {
  const lines = COMMANDS.flatMap((command) => [
    `complete -c ringfence -n __fish_use_subcommand -a ${command.name} -d ${quote(command.about)}`,
    ...command.flags.map(({ name, short, value, choices, about }) => {
      const lead = `complete -c ringfence -n "__fish_seen_subcommand_from ${command.name}" -l ${name}`;
      const shortened = short === undefined ? "" : ` -s ${short}`;
      const takes =
        value === undefined
          ? ""
          : choices === undefined
            ? " -r"
            : ` -x -a ${quote(choices.join(" "))}`;
      return `${lead}${shortened}${takes} -d ${quote(about)}`;
    }),
  ]);
  lines.push(
    `complete -c ringfence -n "__fish_seen_subcommand_from completion" -x -a ${quote(Object.keys(SCRIPTS).join(" "))}`,
  );
  return `${lines.join("\n")}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}
