import { nearest } from "../base/index.ts";

/** A sentence for a name that nothing has, with the nearest that exist. */
export function unknownName(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint =
    near.length > 0
      ? `did you mean ${near.map((each) => `\`${each}\``).join(" or ")}?`
      : "write NAMESPACE/KIND/NAME, NAMESPACE/Pod/NAME, node/NAME, own-node, other-nodes or an address";
  return `nothing is called \`${name}\`: ${hint}`;
}
