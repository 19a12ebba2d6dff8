import type { Condition, Fact } from "./policy.ts";

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

/** Whether a domain pattern matches a name: `*.x` is any depth below x and never x itself; case and a final dot do not count (CNP-7). */
export function matchesDomain(pattern: string, name: string): boolean {
  const wanted = normalName(pattern);
  const asked = normalName(name);
  if (!wanted.startsWith("*.")) return wanted === asked;
  const suffix = wanted.slice(1);
  return asked.endsWith(suffix) && asked.length > suffix.length;
}

/** Whether a condition holds for the request that the facts tell of; `undefined` where they tell of none. */
export function holds(condition: Condition, facts: readonly Fact[]): boolean | undefined {
  const requests = facts.filter((fact) => fact.kind === "http");
  if (requests.length === 0) return undefined;
  return requests.some(
    ({ method, path }) =>
      (condition.method === undefined || condition.method === method) &&
      (condition.path === undefined || matchesPath(condition.path, path)),
  );
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

function normalName(name: string): string {
  return name.toLowerCase().replace(/\.$/u, "");
}
