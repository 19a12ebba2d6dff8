import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

/** The version of the program, of the manifest that it was installed with. */
export function version(): string {
  const file = findPackageJSON(import.meta.url);
  const manifest = JSON.parse(readFileSync(file!, "utf8")) as { readonly version: string };
  return manifest.version;
}
