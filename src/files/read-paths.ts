import { type Intake, type ObjectSink, createIntake } from "./intake.ts";
import type { Chunks } from "./lines.ts";
import {
  type Exclusion,
  type InputFile,
  type Listing,
  listFiles,
  realPathOf,
} from "./list-files.ts";
import { readFile, readStream } from "./read-source.ts";

/** What reading paths is told. */
export interface ReadPathsOptions {
  /** Standard input, for the path `-`; the process's own if absent. */
  readonly stdin?: Chunks | undefined;
  /** Takes the texts of standard input and pipes, by name: they cannot be read again. */
  readonly streamed?: Map<string, string> | undefined;
  /** Paths of folders' files that are passed over. */
  readonly exclude?: Exclusion | undefined;
  /** A file that is passed over: the one that is being written. */
  readonly skip?: string | undefined;
}

/** What came of reading paths. */
export interface ReadPathsResult {
  /** The number of inputs that could be read and were not empty. */
  readonly readable: number;
}

/** Reads all objects of files, folders and standard input (`-`) into `sink`, in the order of the paths. Throws for no input, however bad. */
export async function readPaths(
  paths: readonly string[],
  sink: ObjectSink,
  options: ReadPathsOptions = {},
): Promise<ReadPathsResult> {
  let readable = 0;
  const seen = new Set<string>();
  const skip = options.skip === undefined ? undefined : realPathOf(options.skip);
  for (const path of paths) {
    const { files, diagnostics } = path === "-" ? STANDARD_INPUT : listFiles(path, options.exclude);
    for (const diagnostic of diagnostics) sink.report(diagnostic);
    for (const file of files) {
      if (seen.has(file.real) || file.real === skip) continue;
      seen.add(file.real);
      const intake = createIntake(file, sink);
      if (await readInput(file, intake, options)) readable++;
      await intake.drained();
    }
  }
  return { readable };
}

const STDIN_FILE: InputFile = {
  file: "-",
  path: "-",
  real: "-",
  named: true,
  inChart: false,
};
const STANDARD_INPUT: Listing = { files: [STDIN_FILE], diagnostics: [] };

/** Reads one input; whether there was anything. */
async function readInput(
  file: InputFile,
  intake: Intake,
  { stdin, streamed }: ReadPathsOptions,
): Promise<boolean> {
  if (file !== STDIN_FILE) {
    const isRead = await readFile(file, intake, streamed);
    return isRead && !(file.named && sayEmpty(intake));
  }
  const text = await readStream(stdin ?? process.stdin, intake);
  if (text !== undefined) streamed?.set(file.file, text);
  return !sayEmpty(intake);
}

/** Says of an input that was named and holds nothing that it is empty: the command before the pipe may have failed. */
function sayEmpty(intake: Intake): boolean {
  if (!intake.isEmpty()) return false;
  const text = "it is empty: there is no object to read";
  const { file } = intake;
  intake.report({ severity: "warning", file, line: 1, text, decides: false });
  return true;
}
