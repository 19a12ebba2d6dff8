// `npm run docs:update`: runs the commands of the documents and writes what they print into them.
import { readFileSync, writeFileSync } from "node:fs";

import { canRun, consoleBlocks, documents, formatCommands, runCommand } from "./console-blocks.ts";

for (const file of documents()) {
  const old = readFileSync(file, "utf8");
  let text = old;
  for (const { start, end, commands, notRun } of consoleBlocks(old).toReversed()) {
    if (notRun !== undefined || !commands.every(({ command }) => canRun(command))) continue;
    const run = await Promise.all(commands.map(({ command }) => runCommand(command)));
    text = text.slice(0, start) + formatCommands(run) + text.slice(end);
  }
  if (text !== old) writeFileSync(file, text);
  console.log(`${file}: ${text === old ? "current" : "rewritten"}`);
}
