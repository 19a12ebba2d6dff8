import type { RuleRef } from "../policy/index.ts";

/** Up to three names in backticks, then how many more there are: `a`, `b` and 4 more. */
export function namesText(names: readonly string[], most = 3): string {
  const shown = names.length <= most + 1 ? names : names.slice(0, most);
  const rest = names.length - shown.length;
  const quoted = shown.map((name) => `\`${name}\``);
  if (rest > 0) return `${quoted.join(", ")} and ${rest} more`;
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} and ${last}`;
}

/** What rules and policies are called in a text about a policy: its own rules by their names alone, others with the policy's name. */
export function refsText(refs: readonly RuleRef[], about: string): string {
  return namesText(
    refs.map(({ policy, rule }) => {
      if (policy === about) return rule ?? "itself";
      return rule === undefined ? nameOf(policy) : `${nameOf(policy)} ${rule}`;
    }),
  );
}

/** The name of a policy without its API group: `NetworkPolicy/shop/web`. */
function nameOf(policy: string): string {
  return policy.slice(policy.indexOf("/") + 1);
}
