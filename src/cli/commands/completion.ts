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

function choicesOf(): readonly (readonly [string, string])[] {
  const all = COMMANDS.flatMap(({ flags }) => flags);
  const found = new Map<string, Set<string>>();
  for (const { name, short, choices } of all) {
    if (choices === undefined) continue;
    for (const key of short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`]) {
      found.set(key, new Set([...(found.get(key) ?? []), ...choices]));
    }
  }
  return [...found].map(([key, words]) => [key, [...words].join(" ")]);
}

function bash(): string {
  const cases = COMMANDS.map(
    (command) => `    ${command.name}) words="${wordsOf(command).join(" ")}" ;;`,
  );
  const values = choicesOf().map(
    ([flag, words]) => `    ${flag}) COMPREPLY=($(compgen -W "${words}" -- "$current")); return ;;`,
  );
  return `_ringfence() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${COMMANDS.map(({ name }) => name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "$previous" in
${values.join("\n")}
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
  return `${lines.join("\n")}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}
