// The floor of reading manifests: Node starts, and js-yaml loads every file of a folder.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { loadAll } from "js-yaml";

const folder = process.argv[2] ?? ".";
let documents = 0;
for (const name of readdirSync(folder)) {
  documents += loadAll(readFileSync(join(folder, name), "utf8")).length;
}
console.log(documents);
