import type { Edit } from "../../../model/index.ts";
import { placeOf, ruleName } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import { refsText } from "../../words.ts";

/** Rules that could be taken away without changing a connection. */
export const control: Control = {
  id: "rule-adds-nothing",
  family: "policy",
  title: "Every rule decides something",
  severity: "low",
  rationale:
    "A rule whose traffic other rules allow already, or that comes behind rules which take all of it, does nothing. Who reads or changes it believes that it does.",
  remediation: "Remove the rule, or narrow the rules that cover it.",
  references: ["NP-12", "CNP-3"],
  check: ({ compiled, redundancy }) => {
    const redundant = new Set(redundancy().rules.map(({ rule }) => rule.rule));
    return redundancy().rules.map(({ rule: { rule, policy: number }, by, shadowed }) => {
      const { id, origin, isolates, rules } = compiled.policies[number]!;
      const name = ruleName(rule);
      const path = ["spec", rule.direction, rule.index];
      const names = refsText(by, id);
      const text = shadowed
        ? `\`${name}\` is never reached: ${names} ${verb(by, "decides", "decide")} all of it before`
        : `\`${name}\` adds nothing: ${names} ${verb(by, "allows", "allow")} all of it`;
      const remove: Edit = { kind: "remove", origin, path };
      const isLast = rules.every((each) => each.direction === "ingress" || redundant.has(each));
      // Without egress rules the default of an absent list would not isolate egress (NP-2).
      const types: readonly Edit[] =
        isolates.egress === "yes" && rule.direction === "egress" && isLast
          ? [{ kind: "set", origin, path: ["spec", "policyTypes"], value: typesOf(isolates) }]
          : [];
      return {
        subject: id,
        namespace: namespaceOfPolicy(id),
        key: name,
        text,
        places: [
          { policy: id, rule: name, origin, path },
          ...by.flatMap((ref) => {
            const place = placeOf(compiled, ref);
            return place === undefined ? [] : [{ ...ref, ...place }];
          }),
        ],
        fix: `remove \`${name}\`, or narrow ${names}`,
        edits: [...types, remove],
        changes: "none",
      };
    });
  },
};

function verb(by: readonly unknown[], one: string, many: string): string {
  return by.length === 1 ? one : many;
}

function typesOf({ ingress }: { readonly ingress: string }): readonly string[] {
  return ingress === "no" ? ["Egress"] : ["Ingress", "Egress"];
}
