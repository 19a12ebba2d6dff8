// Reads a snapshot, then says how many CPU seconds it takes to compile its policies and to list who can reach whom.
import { setFlagsFromString } from "node:v8";

import { readCluster } from "../src/files/index.ts";
import { PROFILES, compilePolicies, reachability } from "../src/policy/index.ts";

setFlagsFromString("--no-turbofan"); // as tools/bin.mjs does
const { cluster } = await readCluster([process.argv[2] ?? ""]);
const start = process.cpuUsage();
const compiled = compilePolicies(cluster, PROFILES["kubernetes"]!);
const { rectangles } = reachability(compiled);
let count = 0;
for (const rectangle of rectangles()) count += rectangle.from.length > 0 ? 1 : 0;
const { user, system } = process.cpuUsage(start);
const seconds = (user + system) / 1e6;
console.log(
  `${compiled.counters.classes} classes, ${count} rectangles, ${JSON.stringify(compiled.counters)}`,
);
console.log(`seconds ${seconds.toFixed(3)}`);
