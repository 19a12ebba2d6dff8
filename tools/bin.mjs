#!/usr/bin/env node
// Parsed by any Node: says politely what is missing before the program itself is loaded.
import module from "node:module";
import process from "node:process";
import v8 from "node:v8";

const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(`ringfence needs Node 24 or newer; this is Node ${process.versions.node}`);
  process.exitCode = 2;
} else {
  module.enableCompileCache?.();
  // A command is over before the optimizing compiler pays: without it whole runs cost an eighth to a quarter less (bench/README.md).
  v8.setFlagsFromString("--no-turbofan");
  // Nor does the one below it, for what runs less than some thousand times.
  v8.setFlagsFromString("--invocation-count-for-maglev=3000");
  const program = "../dist/main.js";
  await import(program);
}
