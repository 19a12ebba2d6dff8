// node tools/ready.mjs [COMMAND ARG...]: installs the dependencies if package-lock.json changed
// since the last install, then runs COMMAND with the project's own Node first in PATH.
// Runs on the Node that started npm (20 or newer), before node_modules exists: imports node: only.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "node_modules", ".ringfence-lock");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .update(`${process.platform}-${process.arch}`)
  .digest("hex");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  console.error("installing dependencies (npm ci)");
  const npm = process.env["npm_execpath"];
  const ci = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const [command, args] = npm === undefined ? ["npm", ci] : [process.execPath, [npm, ...ci]];
  const { status } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, wanted);
}

const [command, ...args] = process.argv.slice(2);
if (command !== undefined) {
  const PATH = [join(root, "node_modules", ".bin"), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH };
  const found =
    spawnSync("node", ["--version"], { env, encoding: "utf8" }).stdout?.trim() ?? "none";
  if (Number(/^v(\d+)\./u.exec(found)?.[1]) >= 24) {
    const { status, error } = spawnSync(command, args, { stdio: "inherit", env });
    if (error !== undefined) console.error(`cannot run \`${command}\`: ${error.message}`);
    process.exitCode = status ?? 1;
  } else {
    // Platforms other than linux have no Node package in the lock: there the machine's own Node is taken.
    console.error(
      `the project runs on Node 24 or newer, and \`node\` is ${found}: install Node 24`,
    );
    process.exitCode = 2;
  }
}
