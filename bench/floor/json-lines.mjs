// The floor of reading a snapshot: Node starts, and JSON.parse sees every line; nothing is kept.
import { createReadStream } from "node:fs";
import process from "node:process";

let rest = "";
let objects = 0;
for await (const piece of createReadStream(process.argv[2] ?? "", {
  encoding: "utf8",
  highWaterMark: 1 << 20,
})) {
  const lines = (rest + piece).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    JSON.parse(line);
    objects++;
  }
}
console.log(objects);
