import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import { type Found, namespaceOfPolicy } from "../../finding.ts";
import { type LikelyTypo, editsOf, findTypo, pathOf } from "../../likely-typo.ts";
import type { SelectorUse } from "../../selector-uses.ts";

/** Selectors that match nothing as written, and something with a likely misspelling put right. */
export const control: Control = {
  id: "selector-typo",
  family: "policy",
  title: "No selector misspells a label that is in use",
  severity: "medium",
  rationale:
    "A selector with a typo matches nothing, and no one complains: a policy protects no pod, a Deny denies nothing, and an allowed peer is refused.",
  remediation: "Write the label as the objects have it.",
  references: ["NP-1", "NP-9", "CNP-9"],
  check: (evidence) => evidence.selectorUses().flatMap((use) => checkUse(evidence, use) ?? []),
};

function checkUse(evidence: Evidence, use: SelectorUse): Found | undefined {
  const { namespaces, pods } = use;
  if (namespaces.selector.requirements.length === 0 && pods.selector.requirements.length === 0) {
    return undefined;
  }
  const within = evidence.namespacesOf(namespaces.selector);
  if (within.size === 0) return checkNamespaces(evidence, use);
  const labels = evidence.podLabels();
  if (pods.at === undefined || pods.selector.requirements.length === 0) return undefined;
  if (labels.matches(pods.selector, within)) return undefined;
  const typo = findTypo(pods.selector, labels.values(within), (selector) =>
    labels.matches(selector, within),
  );
  if (typo === undefined) return undefined;
  const where = within.size === 1 ? `of \`${[...within][0]}\`` : `of ${within.size} namespaces`;
  return found(use, typo, { at: pods.at, what: `no pod ${where} has` });
}

function checkNamespaces(evidence: Evidence, use: SelectorUse): Found | undefined {
  const { selector, at } = use.namespaces;
  if (at === undefined) return undefined;
  const labels = evidence.namespaceLabels();
  const typo = findTypo(selector, labels.values(), (changed) => labels.matches(changed));
  return typo === undefined ? undefined : found(use, typo, { at, what: "no namespace has" });
}

function found(
  { policy, rule, action, origin }: SelectorUse,
  typo: LikelyTypo,
  { at, what }: { readonly at: readonly (string | number)[]; readonly what: string },
): Found {
  const { written, meant } = typo;
  return {
    subject: policy,
    namespace: namespaceOfPolicy(policy),
    key: at.slice(1).join("."),
    text: `${rule === undefined ? "" : `${rule}: `}${what} \`${written}\`, and \`${meant}\` is in use`,
    places: [{ policy, rule, origin, path: pathOf(typo, at) }],
    fix: `write \`${meant}\``,
    edits: editsOf(typo, { origin, at }),
    changes: "either",
    // what should be denied is open
    ...(rule === undefined || action === "Deny" ? { severity: "high" } : {}),
  };
}
