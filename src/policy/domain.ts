/** A pattern of domain names: texts and wildcards in a row that together are the whole name, lower case and without a final dot. */
export interface DomainPattern {
  /** As written. */
  readonly text: string;
  readonly parts: readonly (string | DomainWildcard)[];
}

/** Stands for some characters of a name. `dots`: also those of several labels; `empty`: also for none. */
export interface DomainWildcard {
  readonly dots: boolean;
  readonly empty: boolean;
}

/** A name that is written out. */
function exactDomain(name: string): DomainPattern {
  return { text: name, parts: [normalName(name)] };
}

/** A name of a ClusterNetworkPolicy or AdminNetworkPolicy: `*.x` is any depth below x and never x itself (CNP-7). */
export function adminDomain(text: string): DomainPattern {
  const name = normalName(text);
  if (!name.startsWith("*.")) return exactDomain(text);
  return { text, parts: [{ dots: true, empty: false }, name.slice(1)] };
}

/** Whether a pattern matches a name; case and a final dot do not count. */
export function matchesDomain({ parts }: DomainPattern, name: string): boolean {
  return fits(parts, 0, normalName(name), new Set());
}

/** Whether the parts from `part` on can be all of `rest`; what was tried in vain is not tried again, so the work is parts × length. */
function fits(
  parts: DomainPattern["parts"],
  part: number,
  rest: string,
  failed: Set<string>,
): boolean {
  const first = parts[part];
  if (first === undefined) return rest === "";
  if (typeof first === "string") {
    return rest.startsWith(first) && fits(parts, part + 1, rest.slice(first.length), failed);
  }
  const key = `${part}/${rest.length}`;
  if (failed.has(key)) return false;
  for (let taken = first.empty ? 0 : 1; taken <= rest.length; taken++) {
    if (taken > 0 && !first.dots && rest[taken - 1] === ".") break;
    if (fits(parts, part + 1, rest.slice(taken), failed)) return true;
  }
  failed.add(key);
  return false;
}

/** A name as it is compared. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/\.$/u, "");
}
