// `npm run bench [-- NAME…]`: measures the packed program against its floors and prints a table (see README.md).
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

import { type Case, buildCases } from "./cases.ts";
import { interleave, peakMemory } from "./measure.ts";

const folder = mkdtempSync(join(tmpdir(), "ringfence-bench-"));
try {
  execFileSync(process.execPath, ["tools/pack.ts"], { stdio: ["ignore", "ignore", "inherit"] });
  const wanted = process.argv.slice(2);
  const cases = await buildCases(folder);
  const unknown = wanted.filter((name) => !cases.some((each) => each.name === name));
  if (unknown.length > 0) {
    const names = cases.map(({ name }) => name).join(", ");
    console.error(`no case is called \`${unknown.join("`, `")}\`: write one of ${names}`);
    process.exitCode = 2;
  } else measure(cases.filter(({ name }) => wanted.length === 0 || wanted.includes(name)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measure(cases: readonly Case[]): void {
  console.log(`${cpus()[0]?.model ?? "?"}, ${cpus().length} cores, Node ${process.version}`);
  console.log("CPU seconds (user + system) of whole processes, medians of five interleaved runs\n");
  const rows = cases.map((each): readonly string[] => {
    const cost = interleave(each.floor, each.command);
    return [
      each.name,
      cost.floor.toFixed(3),
      cost.result.toFixed(3),
      (cost.result / cost.floor).toFixed(2),
      `${Math.round(peakMemory(each.command))} MiB`,
      `${each.target}: ${each.isMet(cost) ? "met" : "NOT met"}`,
    ];
  });
  const table = [["case", "floor s", "result s", "ratio", "peak memory", "target"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table) {
    const line = row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ");
    console.log(line.trimEnd());
  }
  console.log("");
  for (const { name, about } of cases) console.log(`${name}: ${about}`);
}
