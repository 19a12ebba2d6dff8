import { compareRefs, placeOf } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import { namespaceOfPolicy } from "../../finding.ts";

/** Policies whose rules let workloads send to, or be reached from, every address outside. */
export const control: Control = {
  id: "allows-any-address",
  family: "policy",
  title: "No rule opens a workload to every address",
  severity: "high",
  rationale:
    "A workload that may send to any address can be used to carry data out; one that any address may reach is exposed as soon as a way leads to it.",
  remediation: "Name the peers or the ranges that the application needs, and its ports.",
  references: ["NP-3", "NP-6", "CNP-7"],
  check: ({ compiled, openness }) => {
    const { egress, ingress } = openness();
    const opened = [egress, ingress].flatMap(({ rules }) => rules);
    return [...Map.groupBy(opened, ({ ref }) => ref.policy)].map(([policy, rules]) => {
      const list = rules.toSorted((a, b) => compareRefs(a.ref, b.ref));
      const said = list.map(({ ref, workloads }) => {
        const way = ref.rule?.startsWith("egress") === true ? "may send to" : "may be reached from";
        const many = workloads.length === 1 ? "1 workload" : `${workloads.length} workloads`;
        return `${ref.rule}: ${many} ${way} any address`;
      });
      return {
        subject: policy,
        namespace: namespaceOfPolicy(policy),
        text: said.join("; "),
        places: list.flatMap(({ ref }) => {
          const place = placeOf(compiled, ref);
          return place === undefined ? [] : [{ ...ref, ...place }];
        }),
        fix: "name the peers or ranges that are needed, and their ports",
      };
    });
  },
};
