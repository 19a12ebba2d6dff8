import { existsSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";

/** The folder of real-world data beside the repository. */
export const SHARED_DATA: string = resolve(process.env["RINGFENCE_SHARED"] ?? "../shared", "data");

/** For the `skip` of tests that need it: `false`, or why they cannot run. */
export const NO_SHARED_DATA: string | false = existsSync(SHARED_DATA)
  ? false
  : "the data beside the repository is not on this machine: see CONTRIBUTING.md";
