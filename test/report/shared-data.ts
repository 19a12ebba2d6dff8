import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";

/** Where the data beside the repository are. */
export const SHARED: string = process.env["RINGFENCE_SHARED"] ?? "../shared";

/** Options of a test that needs a file of it: skipped where it is not there, and it says so. */
export function needs(path: string): { readonly skip: string | false } {
  const file = join(SHARED, path);
  return { skip: existsSync(file) ? false : `there is no ${resolve(file)}` };
}
