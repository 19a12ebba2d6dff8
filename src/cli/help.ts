import { COMMANDS, type Command, EXIT_CODES, type Flag } from "./command-table.ts";

/** The help of the program. */
export function formatHelp(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return [
    "ringfence proves, keeps and records the segmentation of Kubernetes networks.",
    "",
    "Usage: ringfence COMMAND PATH… [flags]",
    "",
    "PATH is a directory, a file, a snapshot, or - for standard input.",
    "",
    "Commands:",
    ...COMMANDS.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    "",
    "Exit codes:",
    ...EXIT_CODES.map(([code, about]) => `  ${code}  ${about}`),
    "",
    "Examples:",
    ...COMMANDS.map(({ examples }) => `  ${examples[0]!}`),
    "",
    "`ringfence COMMAND --help` tells more of a command, `ringfence --version` its version.",
    "",
  ].join("\n");
}

/** The help of one command. */
export function formatCommandHelp({ usage, about, flags, examples }: Command): string {
  const names = flags.map(flagText);
  const width = Math.max(...names.map((name) => name.length));
  return [
    `${about[0]!.toUpperCase()}${about.slice(1)}.`,
    "",
    `Usage: ${usage}`,
    "",
    "Flags:",
    ...flags.map((flag, index) => `  ${names[index]!.padEnd(width)}  ${flag.about}`),
    "",
    "Examples:",
    ...examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

/** A flag as it is written: `-o, --output FORMAT`. */
function flagText({ name, short, value, operand }: Flag): string {
  const lead = short === undefined ? "    " : `-${short}, `;
  return `${lead}--${name}${[value, operand].map((each) => (each === undefined ? "" : ` ${each}`)).join("")}`;
}
