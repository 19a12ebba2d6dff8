import { parseArgs } from "node:util";

import { nearest } from "../base/index.ts";
import { type Arguments, COMMANDS, type Command, type Flag } from "./command-table.ts";

/** Finds a command by name; gives a sentence if there is none. */
export function findCommand(name: string): Command | string {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  if (name.startsWith("-")) {
    const [flag] = nearest(name, ["--help", "--version"]);
    const advice = flag === undefined ? "write a command first" : `did you mean \`${flag}\`?`;
    return `unknown flag \`${name}\`: ${advice}`;
  }
  const near = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  const hint = near.length > 0 ? `did you mean \`${near[0]}\`?` : "see `ringfence --help`";
  return `unknown command \`${name}\`: ${hint}`;
}

/** Reads the arguments of a command; gives a sentence for the first that is wrong. */
export function parseArguments(command: Command, argv: readonly string[]): Arguments | string {
  const options = Object.fromEntries(
    command.flags.map(({ name, short, value }) => [
      name,
      {
        type: value === undefined ? ("boolean" as const) : ("string" as const),
        multiple: true as const,
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags: Record<string, string[]> = {};
  const paths: string[] = [];
  let open: Flag | undefined;
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (open === undefined) paths.push(token.value);
      else flags[open.name]!.push(token.value);
      open = undefined;
    }
    if (open !== undefined) return needsOperand(open);
    if (token.kind !== "option") continue;
    const flag = command.flags.find(({ name }) => name === token.name);
    if (flag === undefined) return unknownFlag(command, token.rawName);
    const problem = checkValue(flag, token.value, token.rawName);
    if (problem !== undefined) return problem;
    const list = (flags[flag.name] ??= []);
    if (list.length > 0 && flag.many !== true && flag.value !== undefined) {
      return `\`${token.rawName}\` is given twice: give it once`;
    }
    list.push(token.value ?? "true");
    if (flag.operand !== undefined) open = flag;
  }
  if (open !== undefined) return needsOperand(open);
  return { paths, flags };
}

function needsOperand({ name, value, operand }: Flag): string {
  return `\`--${name}\` needs a second value: --${name} ${value} ${operand}`;
}

function unknownFlag(command: Command, raw: string): string {
  const name = raw.replace(/^-+/u, "");
  const near = nearest(
    name,
    command.flags.map((flag) => flag.name),
  );
  const hint =
    near.length > 0 ? `did you mean \`--${near[0]}\`?` : `see \`ringfence ${command.name} --help\``;
  return `unknown flag \`${raw}\` of \`${command.name}\`: ${hint}`;
}

function checkValue(flag: Flag, value: string | undefined, raw: string): string | undefined {
  if (flag.value === undefined) {
    return value === undefined ? undefined : `\`${raw}\` takes no value`;
  }
  if (value === undefined || value === "") return `\`${raw}\` needs a value: ${raw} ${flag.value}`;
  if (flag.choices === undefined || flag.choices.includes(value)) return undefined;
  const near = nearest(value, flag.choices);
  const hint =
    near.length > 0 ? `did you mean \`${near[0]}\`?` : `write one of ${flag.choices.join(", ")}`;
  return `\`${raw} ${value}\` is not known: ${hint}`;
}
