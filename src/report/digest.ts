import process from "node:process";

/** The SHA-256 of a text, as hexadecimal digits. The module of Node is loaded when it is needed: it costs 5 ms, and most reports need none. */
export function sha256(text: string): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", text, "hex");
}
