import type { UnneededResult } from "../app/index.ts";
import { refText } from "./explain-text.ts";
import { type Style, type Write, count, shorten } from "./style.ts";

const SHOWN = { groups: 20, connections: 6, names: 4, ports: 6 };

/** Writes what is allowed and no intent needs, by the rules that allow it, those of most pairs first. */
export function writeUnneededText(result: UnneededResult, style: Style, write: Write): void {
  write(`\n${style.bold("Allowed, and no intent needs it")}\n`);
  for (const { intent, why } of result.unclear) {
    write(`  ${style.yellow("not counted")}  ${intent}: ${why}\n`);
  }
  if (result.stated === 0) {
    write(style.dim("  no intent says what is needed: write `intents` into ringfence.yaml\n"));
  }
  if (result.groups.length === 0) write(`  ${style.green("none")}\n`);
  for (const { rules, pairs, connections } of result.groups.slice(0, SHOWN.groups)) {
    write(`  ${style.yellow(count(pairs, "pair"))}\n`);
    for (const rule of rules) {
      const text = "profile" in rule ? `nothing restricts it (${rule.profile})` : refText(rule);
      write(`    ${style.dim("by")} ${text}\n`);
    }
    for (const { from, to, ports } of connections.slice(0, SHOWN.connections)) {
      const names = [from, to].map((side) => shorten(side, SHOWN.names)).join(" → ");
      write(`    ${names}  ${shorten(ports, SHOWN.ports)}\n`);
    }
    const more = connections.length - SHOWN.connections;
    if (more > 0) write(style.dim(`    and ${more} more: see -o json\n`));
  }
  const more = result.groups.length - SHOWN.groups;
  if (more > 0) write(style.dim(`  and ${more} more groups: see -o json\n`));
}
