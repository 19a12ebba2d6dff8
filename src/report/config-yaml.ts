import type { DraftConfig } from "../app/index.ts";
import { type Write, count } from "./style.ts";

/** Writes a draft as a `ringfence.yaml` that a person goes on with. */
export function writeConfigYaml(draft: DraftConfig, write: Write): void {
  const { profile } = draft;
  write(
    "# What ringfence is told, and what the policies are held to: run `ringfence test` on the same path.\n",
  );
  write(
    "# This first version says what is so today, not what should be: read it, and write the intents that you want.\n",
  );
  write(`version: 1\n\n# ${profile.why}\nprofile: ${profile.name}\n`);
  writeRanges(draft, write);
  writeZones(draft, write);
  writeIntents(draft, write);
}

function writeRanges({ ranges }: DraftConfig, write: Write): void {
  const found = (["pods", "nodes", "services"] as const).filter((each) => ranges[each].length > 0);
  if (found.length === 0) {
    write(
      "\n# Where pods, nodes and Services have their addresses: with them, fewer answers are `depends`.\n",
    );
    write(
      "# ranges:\n#   pods: [10.244.0.0/16]\n#   nodes: [192.0.2.0/24]\n#   services: [10.96.0.0/12]\n",
    );
    return;
  }
  write("\nranges:\n");
  for (const kind of found) {
    write(`  ${kind}:\n`);
    for (const { range, source } of ranges[kind]) write(`    - ${scalar(range)} # ${source}\n`);
  }
}

function writeZones({ zones }: DraftConfig, write: Write): void {
  write(
    "\n# Parts of the network with a name. `workloads` selects pods by labels, `addresses` are outside.\n",
  );
  if (zones.length === 0) {
    write("# zones:\n#   - name: cde\n#     namespaces: { matchLabels: { pci: cde } }\n");
    return;
  }
  write("zones:\n");
  for (const { name, key, value, namespaces } of zones) {
    write(`  # ${namespaces.join(", ")}\n  - name: ${scalar(name)}\n`);
    write(`    namespaces:\n      matchLabels:\n        ${scalar(key)}: ${text(value)}\n`);
  }
}

function writeIntents({ closed, open, allows, more }: DraftConfig, write: Write): void {
  write("\n# Expected connectivity: `allow`, `deny`, or `only` (nothing else reaches `to`).\n");
  write(
    "# Go on with the statements that matter most, for example that no address outside reaches the card data:\n",
  );
  write(
    "#   - name: nobody comes in from outside\n#     deny: { from: outside, to: { zone: cde } }\n#     reason: PCI DSS 1.3.1\n",
  );
  if (closed.length + allows.length === 0) write("# intents:\n");
  else write("intents:\n");
  if (closed.length > 0)
    write("  # Who reaches a namespace today, on whatever port: take out who should not.\n");
  for (const { namespace, from, outside } of closed) {
    write(
      `  - name: ${scalar(`who reaches ${namespace}`)}\n    only:\n      to: { namespace: ${scalar(namespace)} }\n      from:\n`,
    );
    for (const each of from) write(`        - { namespace: ${scalar(each)} }\n`);
    if (outside) write("        - outside\n");
  }
  for (const each of open)
    write(`  # everybody reaches something of ${each}, addresses outside too\n`);
  if (allows.length > 0)
    write("  # What is allowed today, and so may be needed: take out what is not.\n");
  for (const { from, to, ports } of allows) {
    write(`  - allow:\n${side("from", from)}${side("to", to)}      ports: [${ports.join(", ")}]\n`);
  }
  if (more > 0)
    write(`  # and ${count(more, "more connection")}: see \`ringfence scan --unneeded\`\n`);
}

function side(name: string, ids: readonly string[]): string {
  if (ids.length === 1) return `      ${name}: ${scalar(ids[0]!)}\n`;
  return `      ${name}:\n${ids.map((id) => `        - ${scalar(id)}\n`).join("")}`;
}

/** A text that YAML could take for something else is quoted. */
function scalar(value: string): string {
  const isPlain =
    /^[A-Za-z][-A-Za-z0-9_./ ]*$/u.test(value) || /^\d+(?:\.\d+){3}\/\d+$/u.test(value);
  return isPlain && !/^(?:true|false|yes|no|on|off|null|y|n)$/iu.test(value) ? value : text(value);
}

function text(value: string): string {
  return JSON.stringify(value);
}
