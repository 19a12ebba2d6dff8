import { placeOf } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import { refsText } from "../../words.ts";

/** Policies that could be taken away without changing a connection. */
export const control: Control = {
  id: "policy-adds-nothing",
  family: "policy",
  title: "Every policy changes something",
  severity: "low",
  rationale:
    "A policy whose isolation and rules other policies have already does nothing. Who reads or changes it believes that it does.",
  remediation: "Remove the policy, or narrow those that cover it.",
  references: ["NP-12", "CNP-3"],
  check: ({ compiled, redundancy }) =>
    redundancy().policies.map(({ policy: { id, origin }, by }) => {
      const names = refsText(by, id);
      const text =
        by.length === 0 ? "it has no rules" : `it adds nothing to what ${names} do already`;
      return {
        subject: id,
        namespace: namespaceOfPolicy(id),
        text: by.length === 1 ? text.replace(/ do already$/u, " does already") : text,
        places: [
          { policy: id, origin, path: [] },
          ...by.flatMap((ref) => {
            const place = placeOf(compiled, ref);
            return place === undefined ? [] : [{ ...ref, ...place }];
          }),
        ],
        fix: by.length === 0 ? "remove it, or write its rules" : `remove it, or narrow ${names}`,
        edits: [{ kind: "remove-object", origin }],
        changes: "none",
      };
    }),
};
