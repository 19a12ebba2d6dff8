import { normalName } from "./domain.ts";

/** What is said about a connection besides its ends and port (`--given`). */
export type Fact =
  | {
      readonly kind: "http";
      readonly method: string;
      readonly host: string | undefined;
      readonly path: string;
    }
  | { readonly kind: "fqdn"; readonly name: string }
  | { readonly kind: "dns"; readonly name: string }
  | { readonly kind: "via"; readonly resource: string };

/** Reads a fact: `http GET /public`, `http GET api.example.com/public`, `fqdn NAME`, `dns NAME`, `via pods/proxy`. Gives a sentence where it cannot be read. */
export function parseFact(text: string): Fact | string {
  const [kind, ...rest] = text.trim().split(/\s+/u);
  const hint =
    "write `http METHOD [HOST]/PATH`, `fqdn NAME`, `dns NAME` or `via RESOURCE/SUBRESOURCE`";
  if (kind === "http" && rest.length === 2) {
    const [method = "", target = ""] = rest;
    const slash = target.indexOf("/");
    if (slash >= 0 && /^[A-Za-z]+$/u.test(method)) {
      const host = slash === 0 ? undefined : normalName(target.slice(0, slash));
      return { kind, method: method.toUpperCase(), host, path: target.slice(slash) };
    }
  }
  const [value] = rest;
  if (value !== undefined && rest.length === 1) {
    if (kind === "fqdn" || kind === "dns") return { kind, name: normalName(value) };
    if (kind === "via" && /^[a-z]+\/[a-z]+$/u.test(value)) return { kind, resource: value };
  }
  return `cannot read the fact \`${text}\`: ${hint}`;
}
