import { formatCommandHelp, formatHelp } from "./help.ts";
import { findCommand, parseArguments } from "./parse-arguments.ts";
import { EXIT, refuse, say } from "./terminal.ts";
import { version } from "./version.ts";

/** Runs the program on its arguments and gives its exit code. A fault of its own is said in one line; RINGFENCE_DEBUG=1 shows where. */
export async function run(argv: readonly string[]): Promise<number> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // whoever reads the output has seen enough
    if (error.code === "EPIPE") process.exit(EXIT.done);
    say(`ringfence: the output cannot be written: ${error.message}`);
    process.exit(EXIT.fault);
  });
  try {
    return await dispatch(argv);
  } catch (error) {
    const { message, stack } = error as Error;
    say(
      `ringfence: a fault of ringfence itself: ${message}: please report it with the command line`,
    );
    if (process.env["RINGFENCE_DEBUG"] === "1") say(stack ?? "");
    return EXIT.fault;
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const topic = name === "help" ? rest[0] : undefined;
    if (topic !== undefined) return await dispatch([topic, "--help"]);
    process.stdout.write(formatHelp());
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (name === "--version" || name === "-v" || name === "version") {
    process.stdout.write(`ringfence ${version()}\n`);
    return EXIT.done;
  }
  const command = findCommand(name);
  if (typeof command === "string") return refuse(command);
  const given = parseArguments(command, rest);
  if (typeof given === "string") return refuse(given);
  if (given.flags["help"] !== undefined) {
    process.stdout.write(formatCommandHelp(command));
    return EXIT.done;
  }
  const { run: runCommand } = await command.load();
  return await runCommand(given);
}
