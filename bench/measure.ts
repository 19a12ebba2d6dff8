import { spawnSync } from "node:child_process";

/** Seconds of a floor and of what is measured. */
export interface Cost {
  readonly floor: number;
  readonly result: number;
}

const RUNS = 5;

/** Medians of five runs each, in turns, so that whatever else the machine does meets both alike; after one run of each to warm the disk's and Node's caches. */
export function interleave(floor: readonly string[], command: readonly string[]): Cost {
  secondsOf(floor);
  secondsOf(command);
  const floors: number[] = [];
  const results: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    floors.push(secondsOf(floor));
    results.push(secondsOf(command));
  }
  return { floor: median(floors), result: median(results) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** CPU seconds of a Node program, user and system; a program that ends its output with `seconds N` says itself. */
function secondsOf(args: readonly string[]): number {
  // Only a shell tells what a child took: Node counts its own process.
  const script = 'TIMEFORMAT="%U %S"; time "$@" 2>/dev/null';
  const { stdout, stderr } = spawnSync("bash", ["-c", script, "bash", process.execPath, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const said = /seconds ([\d.]+)\s*$/u.exec(stdout.slice(-100));
  if (said !== null) return Number(said[1]);
  const times = /([\d.]+) ([\d.]+)\s*$/u.exec(stderr);
  if (times === null) throw new Error(`cannot time ${args.join(" ")}: ${stderr}`);
  return Number(times[1]) + Number(times[2]);
}

/** The peak resident memory of a Node program, in MiB. */
export function peakMemory(args: readonly string[]): number {
  const hook = 'process.on("exit",()=>{process._rawDebug("peak "+process.resourceUsage().maxRSS)})';
  const { stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(hook)}`, ...args],
    { encoding: "utf8", maxBuffer: 1 << 30 },
  );
  const found = /peak (\d+)\s*$/u.exec(stderr);
  return found === null ? Number.NaN : Number(found[1]) / 1024;
}
