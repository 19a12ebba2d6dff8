#!/usr/bin/env node
// Parsed by any Node: says politely what is missing before the program itself is loaded.
import module from "node:module";
import process from "node:process";

const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(`ringfence needs Node 24 or newer; this is Node ${process.versions.node}`);
  process.exitCode = 2;
} else {
  module.enableCompileCache?.();
  const program = "../dist/main.js";
  await import(program);
}
