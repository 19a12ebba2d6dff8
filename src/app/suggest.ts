import { nearest } from "../base/index.ts";
import type { Cluster } from "../model/index.ts";

/** A sentence for a name that nothing has, with the nearest that exist. */
export function unknownName(name: string, known: readonly string[]): string {
  const forms =
    "write NAMESPACE/KIND/NAME, NAMESPACE/Pod/NAME, node/NAME, own-node, other-nodes or an address";
  return `nothing is called \`${name}\`: ${guess(name, known) ?? forms}`;
}

/** A sentence if the cluster has no namespace of this name. */
export function unknownNamespace(name: string, { namespaces }: Cluster): string | undefined {
  if (namespaces.has(name)) return undefined;
  const known = [...namespaces.keys()].toSorted();
  const all = `there are ${known.length}: ${known.slice(0, 8).join(", ")}${known.length > 8 ? " …" : ""}`;
  return `there is no namespace \`${name}\`: ${guess(name, known) ?? all}`;
}

function guess(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known).map((each) => `\`${each}\``);
  return near.length === 0 ? undefined : `did you mean ${near.join(" or ")}?`;
}
